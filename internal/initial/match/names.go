package match

import (
	"slices"
	"strings"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/ir"
	"github.com/triwire/authorizer-sdk/internal/resolve"
)

// reading is one way to understand what an operation is called.
type reading struct {
	// plain is the name without separators and in lower case.
	plain string
	// verb is the class of what is done: get, list, create, update, delete; empty
	// if the name does not say it.
	verb string
	// nouns are the other words, singular.
	nouns []string
	// plural: the last noun stands in the plural.
	plural bool
	// trust is how far the reading can be relied on, from 0 to 1.
	trust float64
}

// verbs are the words for the same deed, by their class.
func verbs() map[string]string {
	out := map[string]string{}
	for class, words := range map[string]string{
		"get":    "get fetch read show retrieve view lookup describe",
		"list":   "list all search query index",
		"create": "create add new insert make",
		"update": "update edit modify change patch",
		"delete": "delete remove destroy drop",
	} {
		for _, w := range strings.Fields(words) {
			out[w] = class
		}
	}
	return out
}

// namer reads names; it knows the words that are no part of them.
type namer struct {
	verbs map[string]string
	// services are the gRPC services' names without their packages, which stand
	// before the methods' names in operation ids.
	services map[string]bool
	// common are the words that all of several services have in their names.
	common map[string]bool
}

func newNamer(contracts map[ir.Protocol]*contract.Contract) *namer {
	n := &namer{verbs: verbs(), services: map[string]bool{}, common: map[string]bool{}}
	if c := contracts[ir.GRPC]; c != nil {
		for key := range c.Operations {
			service, _, _ := strings.Cut(key, "/")
			n.services[short(service)] = true
		}
	}
	count := map[string]int{}
	for service := range n.services {
		for _, w := range serviceWords(service) {
			if count[w]++; len(n.services) > 1 && count[w] == len(n.services) {
				n.common[w] = true
			}
		}
	}
	return n
}

// serviceWords are the words of a service's name, without that it is one.
func serviceWords(service string) []string {
	words := resolve.Words(service)
	for i := range words {
		words[i] = strings.ToLower(words[i])
	}
	if last := len(words) - 1; last > 0 && slices.Contains([]string{"service", "controller", "api"}, words[last]) {
		words = words[:last]
	}
	return words
}

// short is a name without its package.
func short(name string) string { return name[strings.LastIndexByte(name, '.')+1:] }

// readings are the ways to understand an operation's name, best first.
func (n *namer) readings(p ir.Protocol, op *contract.Operation) []reading {
	switch p {
	case ir.GRPC:
		service, method, _ := strings.Cut(op.Key, "/")
		return n.qualified(short(service), method)
	case ir.REST:
		var out []reading
		if service, method, ok := n.operationID(op.OperationID); ok {
			out = n.qualified(service, method)
		} else if op.OperationID != "" {
			out = n.named(op.OperationID, 1)
		}
		return slices.Concat(out, n.path(op.Key), n.below(op.Key))
	default:
		out := n.named(op.Key, 1)
		return append(out, n.implied(out, op.Kind)...)
	}
}

// operationID parts "AuthorizerService_Signup", as gateways write it.
func (n *namer) operationID(id string) (service, method string, ok bool) {
	service, method, ok = strings.Cut(id, "_")
	known := n.services[service]
	for _, suffix := range []string{"Service", "Controller", "Api", "API"} {
		known = known || strings.HasSuffix(service, suffix) && service != suffix
	}
	return service, method, ok && known
}

// qualified reads a method of a service: by itself, and with the service's words.
func (n *namer) qualified(service, method string) []reading {
	words := slices.DeleteFunc(serviceWords(service), func(w string) bool { return n.common[w] })
	out := n.named(method, 1)
	if len(words) == 0 {
		return out
	}
	return append(out, n.named(strings.Join(append(words, method), "_"), 0.9)...)
}

// named reads a name as it stands.
func (n *namer) named(name string, trust float64) []reading {
	words := resolve.Words(name)
	for i := range words {
		words[i] = strings.ToLower(words[i])
	}
	if len(words) == 0 {
		return nil
	}
	r := reading{plain: strings.Join(words, ""), trust: trust}
	if i := slices.Index(words, "by"); i > 0 && i < len(words)-1 {
		words = words[:i] // getUserById
	}
	if i := n.verbAt(words); i >= 0 {
		r.verb = n.verbs[words[i]]
		words = slices.Delete(slices.Clone(words), i, i+1)
	}
	if r.verb == "get" && len(words) > 1 && words[0] == "all" {
		r.verb, words = "list", words[1:]
	}
	r.nouns, r.plural = singulars(words)
	return []reading{r}
}

// verbAt is the place of the verb: first, last, or in the middle if it is the
// only one. A name of one word is a noun.
func (n *namer) verbAt(words []string) int {
	if len(words) < 2 {
		return -1
	}
	found := -1
	for _, i := range append([]int{0, len(words) - 1}, middle(len(words))...) {
		if n.verbs[words[i]] == "" {
			continue
		}
		if i == 0 {
			return 0
		}
		if found >= 0 {
			return found
		}
		found = i
	}
	return found
}

func middle(n int) []int {
	var out []int
	for i := 1; i < n-1; i++ {
		out = append(out, i)
	}
	return out
}

// implied adds the verb that a query leaves out: users are listed, a user is got.
func (n *namer) implied(named []reading, kind contract.Kind) []reading {
	if kind != contract.KindQuery || len(named) == 0 || named[0].verb != "" {
		return nil
	}
	r := named[0]
	r.plain, r.trust, r.verb = "", 0.95, "get"
	if r.plural {
		r.verb = "list"
	}
	return []reading{r}
}

// below reads what lies below a variable by itself: the books of "POST
// /v1/shelves/{shelf}/books".
func (n *namer) below(key string) []reading {
	verb, path, _ := strings.Cut(key, " ")
	segments := strings.Split(path, "/")
	for i := len(segments) - 2; i > 0; i-- {
		if !strings.HasPrefix(segments[i], "{") || !strings.HasSuffix(segments[i], "}") {
			continue
		}
		out := n.path(verb + " /" + strings.Join(segments[i+1:], "/"))
		for j := range out {
			out[j].plain = "" // no name of its own
			out[j].trust = min(out[j].trust, 0.8)
		}
		return out
	}
	return nil
}

// path reads verb and path of a REST operation: "GET /v1/users/{id}".
func (n *namer) path(key string) []reading {
	verb, path, _ := strings.Cut(key, " ")
	var words []string
	last := ""
	for _, segment := range strings.FieldsFunc(path, func(r rune) bool { return r == '/' || r == ':' }) {
		last = segment
		if !strings.HasPrefix(segment, "{") && !isVersion(segment) {
			words = append(words, segment)
		}
	}
	if len(words) == 0 {
		return nil
	}
	out := n.named(strings.Join(words, "_"), 0.9)
	if end := words[len(words)-1]; len(resolve.Words(end)) > 1 && len(words) > 1 {
		// A last part of several words is a name by itself: /v1/admin/delete_user.
		out = append(out, n.named(end, 0.9)...)
	}
	if len(out) == 0 || out[0].verb != "" {
		return out
	}
	r := out[0]
	r.plain, r.trust = "", 0.85
	ofOne := strings.HasPrefix(last, "{")
	switch {
	case verb == "GET" && r.plural && !ofOne:
		r.verb = "list"
	case verb == "GET":
		r.verb, r.plural = "get", false
	case verb == "DELETE":
		r.verb, r.plural = "delete", false
	case verb == "PUT" || verb == "PATCH":
		r.verb, r.plural = "update", false
	case r.plural && !ofOne:
		r.verb, r.plural = "create", false
	default:
		return out
	}
	return append(out, r)
}

// isVersion tells whether a segment of a path says nothing of what is called.
func isVersion(s string) bool {
	s = strings.ToLower(s)
	if s == "api" || s == "rest" {
		return true
	}
	return len(s) > 1 && s[0] == 'v' && s[1] >= '0' && s[1] <= '9'
}

// singulars takes the plural off all words, and tells whether the last had one.
func singulars(words []string) (out []string, plural bool) {
	for _, w := range words {
		s := singular(w)
		plural = s != w
		out = append(out, s)
	}
	return out, plural
}

// singular is English enough for both sides of a comparison to come out alike.
func singular(w string) string {
	switch {
	case len(w) < 4 || strings.HasSuffix(w, "ss") || strings.HasSuffix(w, "us") || strings.HasSuffix(w, "is"):
		return w
	case strings.HasSuffix(w, "ies"):
		return strings.TrimSuffix(w, "ies") + "y"
	case strings.HasSuffix(w, "lves"): // shelves
		return strings.TrimSuffix(w, "ves") + "f"
	case strings.HasSuffix(w, "sses"), strings.HasSuffix(w, "xes"), strings.HasSuffix(w, "ches"), strings.HasSuffix(w, "shes"):
		return strings.TrimSuffix(w, "es")
	}
	return strings.TrimSuffix(w, "s")
}

// WithoutService is an operation id without the service that a gateway writes
// before it.
func WithoutService(id string) string {
	n := &namer{}
	if _, method, ok := n.operationID(id); ok {
		return method
	}
	return id
}

// PathName makes a name of verb and path: "GET /v1/users/{id}" is "get user".
func PathName(key string) string {
	n := &namer{verbs: verbs()}
	verb, _, _ := strings.Cut(key, " ")
	list := n.path(key)
	if len(list) == 0 {
		return verb
	}
	r := list[len(list)-1]
	words := slices.Clone(r.nouns)
	if r.plural && len(words) > 0 {
		words[len(words)-1] += "s"
	}
	if r.verb != "" {
		words = append([]string{r.verb}, words...)
	}
	return strings.Join(words, "_")
}
