package replay

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"google.golang.org/protobuf/encoding/protojson"
)

// Difference is one part in which a request does not mean what the recorded
// one means.
type Difference struct {
	Part      Part
	Want, Got string
}

// String shows the part, what was expected and what came, on three lines.
func (d Difference) String() string {
	return fmt.Sprintf("%s differs\n  expected: %s\n  got:      %s", d.Part, show(d.Want), show(d.Got))
}

func show(value string) string {
	if value == "" {
		return "(nothing)"
	}
	return value
}

// Differences is what is wrong with one request.
type Differences []Difference

// String shows all of them.
func (ds Differences) String() string {
	lines := make([]string, len(ds))
	for i, d := range ds {
		lines[i] = d.String()
	}
	return strings.Join(lines, "\n")
}

// Parts are the names of the parts that differ, each once, sorted.
func (ds Differences) Parts() []Part {
	parts := make([]Part, len(ds))
	for i, d := range ds {
		parts[i] = d.Part
	}
	slices.Sort(parts)
	return slices.Compact(parts)
}

// message is a request as the comparison sees it.
type message struct {
	envelope envelope
	// body is the canonical text of the body's meaning, or of why it has none.
	body string
}

func (want message) differences(got message) Differences {
	var ds Differences
	names := maps.Clone(want.envelope)
	maps.Copy(names, got.envelope)
	for _, part := range slices.Sorted(maps.Keys(names)) {
		if want.envelope[part] != got.envelope[part] {
			ds = append(ds, Difference{part, want.envelope[part], got.envelope[part]})
		}
	}
	if want.body != got.body {
		ds = append(ds, Difference{PartBody, want.body, got.body})
	}
	return ds
}

// recorded is the meaning of a step's own request.
func (c *Contracts) recorded(s *Step) message {
	r := &s.Request
	if s.GRPC() {
		return c.grpcMessage(s, r.Method, r.Metadata, r.MessageBase64)
	}
	want := c.httpMessage(s, r.Method, r.Path, r.header(), r.WireBody())
	if strings.HasPrefix(r.Path, "/v1/") {
		// The real server dropped what it did not know. From the SDK that would
		// be a loss, so only the recorded request may do it.
		want.body = c.restBody(s, r.WireBody(), protojson.UnmarshalOptions{DiscardUnknown: true})
	}
	return want
}

// grpcMessage is the meaning of a gRPC request sent during step s.
func (c *Contracts) grpcMessage(s *Step, method string, md map[string][]string, body []byte) message {
	return message{grpcEnvelope(method, md), c.protoBody(s, body)}
}

// httpMessage is the meaning of an HTTP request sent during step s.
func (c *Contracts) httpMessage(s *Step, verb, path string, h http.Header, body []byte) message {
	e := httpEnvelope(verb, path, h)
	switch {
	case isOAuth(path):
		form, text := formBody(mediaType(h.Get("Content-Type")), body)
		return message{e.oauth(h, form), text}
	case path == "/graphql":
		return message{e, c.graphqlBody(body)}
	default:
		return message{e, c.restBody(s, body, protojson.UnmarshalOptions{})}
	}
}
