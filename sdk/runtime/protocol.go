package runtime

import (
	"fmt"
	"slices"
	"strings"
)

// Protocol is the way in which a method is called. Its text is what
// [ParseProtocol] reads and what errors print.
type Protocol string

// The protocols. What a client uses when nothing was selected is the first of
// them that the API has.
const (
	ProtocolGraphQL Protocol = "graphql" // one path, POST, over HTTP
	ProtocolREST    Protocol = "rest"    // a path for each method, over HTTP
	ProtocolGRPC    Protocol = "grpc"    // a port of its own, over HTTP/2; must be linked
)

// protocols lists every protocol in the order in which messages name them.
func protocols() []Protocol {
	return []Protocol{ProtocolGraphQL, ProtocolREST, ProtocolGRPC}
}

// ParseProtocol reads a protocol's name as a person would write it in a flag
// or an environment variable: letter case and surrounding blanks do not
// matter. Any other text is an error that lists the names there are.
func ParseProtocol(s string) (Protocol, error) {
	p := Protocol(strings.ToLower(strings.TrimSpace(s)))
	if slices.Contains(protocols(), p) {
		return p, nil
	}
	return "", fmt.Errorf("unknown protocol %q: expected one of %s", s, protocolList(protocols()))
}

// protocolList writes protocols as "graphql, rest".
func protocolList(ps []Protocol) string {
	names := make([]string, len(ps))
	for i, p := range ps {
		names[i] = string(p)
	}
	return strings.Join(names, ", ")
}

// worksOver is the way out that an error names, "; works over graphql", or
// nothing when there is none.
func worksOver(ps []Protocol) string {
	if len(ps) == 0 {
		return ""
	}
	return "; works over " + protocolList(ps)
}
