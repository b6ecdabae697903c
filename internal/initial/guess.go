package initial

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/ir"
	"github.com/triwire/authorizer-sdk/internal/resolve"
)

// initialisms are the words of the contracts' names that Go spells in capitals:
// those of Go's own style guides, some of authentication, and those that a
// contract itself writes so in a name of several words.
func initialisms(all map[ir.Protocol]*contract.Contract) []string {
	known := map[string]bool{}
	for _, w := range strings.Fields(`acl api ascii cpu css dns dsl eof grpc guid html http https id ip json jwt mfa oidc otp pkce
		qps ram rpc saml sla sms smtp sql ssh sso tcp tls totp ttl udp ui uid uri url utf8 uuid vm xml xmpp xsrf xss`) {
		known[w] = true
	}
	found := map[string]bool{}
	note := func(name string) {
		for _, w := range resolve.Words(name) {
			lower := strings.ToLower(w)
			if known[lower] || isCapitals(w) && strings.ToUpper(name) != name {
				found[lower] = true
			}
		}
	}
	for p, c := range all {
		for key, op := range c.Operations {
			if p != ir.REST {
				note(key[strings.LastIndexByte(key, '/')+1:])
			}
			note(op.OperationID)
		}
		for name, m := range c.Messages {
			note(name[strings.LastIndexByte(name, '.')+1:])
			for _, f := range m.Fields {
				note(f.Name)
			}
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// isCapitals tells whether a word is written in capitals, as an abbreviation is.
func isCapitals(w string) bool {
	const longest = 5
	letters := 0
	for _, r := range w {
		if unicode.IsLower(r) {
			return false
		}
		if unicode.IsUpper(r) {
			letters++
		}
	}
	return letters > 1 && letters <= longest
}

// knownScalars are the shapes of those scalars whose names tell them.
func knownScalars(names []string) map[string]string {
	out := map[string]string{}
	for _, name := range names {
		if shape := knownScalar(name); shape != "" {
			out[name] = shape
		}
	}
	return out
}

// knownScalar is the shape of GraphQL scalars that mean the same everywhere;
// empty: the name tells nothing.
func knownScalar(name string) string {
	switch strings.ToLower(name) {
	case "int64", "long", "bigint":
		return "int64"
	case "datetime", "timestamp", "timestamptz", "offsetdatetime":
		return "timestamp"
	case "uint32":
		return "uint32"
	case "uint64":
		return "uint64"
	case "base64", "bytes":
		return "bytes"
	case "any", "json", "jsonvalue":
		return "any"
	case "map", "jsonobject", "object":
		return "object"
	case "uuid", "date", "url", "uri", "email", "emailaddress", "phonenumber", "cursor", "decimal", "locale", "jwt":
		return "string"
	}
	return ""
}

// isSecret tells whether a field's name says that its value must not be shown.
func isSecret(name string) bool {
	name = strings.Join(resolve.Words(name), "_")
	name = strings.ToLower(name)
	if regexp.MustCompile(`(^|_)(page|next|previous|prev|continuation|sync)_(page_)?token$|token_type|^is_|^has_|_(count|expires?|expiry|expiration|hint|type|url|uri|id)(_|$)`).MatchString(name) {
		return false
	}
	return regexp.MustCompile(`(^|_)(password|passwd|passphrase|secret|token|otp|passcode|pin|api_key|private_key|access_key|cookie|credentials?|recovery_codes?|code_verifier|cvv|ssn)$`).MatchString(name)
}

// pagings are the ways in which a method's list may go on, as far as the names of
// its fields say so.
func pagings(m *ir.Method) []paging {
	var out []paging
	request := textField(m.Request, "pagetoken", "continuationtoken", "nexttoken", "cursor", "after")
	answer := textField(m.Response, "nextpagetoken", "continuationtoken", "nexttoken", "nextcursor", "endcursor")
	if request != nil && answer != nil && request.Pointer {
		out = append(out, paging{request: request.Name, answer: answer.Name})
	}
	if m.Request == nil || m.Response == nil {
		return out
	}
	for _, r := range m.Request.Fields {
		page := numberField(r, "page", "pagenumber")
		for _, a := range m.Response.Fields {
			offset, total := numberField(a, "offset"), numberField(a, "total", "totalcount", "totalsize")
			if page != nil && page.Pointer && offset != nil && total != nil {
				out = append(out, paging{r.Name, page.Name, a.Name, offset.Name, total.Name})
			}
		}
	}
	return out
}

// numberField is the number of one of the names that a message field holds.
func numberField(in *ir.Field, names ...string) *ir.Field {
	if in.Type.Message == nil || !in.Type.Single() {
		return nil
	}
	for _, f := range in.Type.Message.Fields {
		if f.Type.Scalar == contract.ScalarInt64 && f.Type.Single() && slices.Contains(names, plain(f.Name)) {
			return f
		}
	}
	return nil
}

// textField is the first field of one of the names that holds a single text.
func textField(m *ir.Message, names ...string) *ir.Field {
	if m == nil {
		return nil
	}
	for _, f := range m.Fields {
		if f.Type.Scalar == contract.ScalarString && f.Type.Single() && slices.Contains(names, plain(f.Name)) {
			return f
		}
	}
	return nil
}
