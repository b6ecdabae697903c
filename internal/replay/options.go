package replay

import (
	"maps"
	"net/http"
	"slices"
	"strings"
)

// Sender is what a step says about who asks, in the terms of a client: how it
// is constructed and what it sends beside the request.
type Sender struct {
	// Admin tells that the step is for the admin client.
	Admin bool
	// ClientID and AdminSecret are constructor arguments.
	ClientID, AdminSecret string
	// Bearer is a user's token, Cookies are name and value.
	Bearer  string
	Cookies [][2]string
	// Headers replace what the client sends of its own; an empty value takes a
	// header away.
	Headers map[string]string
}

// AdminSecret is the recorded server's.
const AdminSecret = "admin"

// Sender reads the headers or the metadata of the recorded request.
func (s *Step) Sender() Sender {
	h := s.sent()
	out := Sender{
		Admin:       s.Kind == "admin" || strings.HasPrefix(s.Method, "_"),
		ClientID:    orElse(h.Get(headerClient), s.clientInBody()),
		AdminSecret: AdminSecret,
		Headers:     map[string]string{},
	}
	for _, name := range slices.Sorted(maps.Keys(h)) {
		out.add(name, h.Get(name))
	}
	out.takeAway(s, h)
	return out
}

// sent are the headers or the metadata in one form.
func (s *Step) sent() http.Header {
	h := s.Request.header()
	for name, values := range s.Request.Metadata {
		h.Set(name, strings.Join(values, "; "))
	}
	return h
}

// clientInBody is the client that an OAuth step names in its body.
func (s *Step) clientInBody() string {
	if !isOAuth(s.Request.Path) {
		return ClientID
	}
	fields, err := formFields(mediaType(s.Request.header().Get("Content-Type")), s.Request.WireBody())
	if err != nil {
		return ClientID
	}
	return orElse(fields["client_id"], ClientID)
}

func (out *Sender) add(name, value string) {
	switch name {
	case "Accept", "Content-Type", headerClient: // the SDK's own, or a constructor argument
	case headerCookie:
		for pair := range strings.SplitSeq(value, "; ") {
			key, content, _ := strings.Cut(pair, "=")
			out.Cookies = append(out.Cookies, [2]string{key, content})
		}
	case headerAuthorization:
		if token, ok := strings.CutPrefix(value, "Bearer "); ok {
			out.Bearer = token
			return
		}
		out.Headers[name] = value
	case headerAdminSecret:
		if out.Admin {
			out.AdminSecret = value
			return
		}
		out.Headers[name] = value
	default:
		if value != ServerURL { // the SDK sends that of its own
			out.Headers[name] = value
		}
	}
}

// takeAway drops what the SDK sends of its own and the recorder did not,
// wherever it means something.
func (out *Sender) takeAway(s *Step, h http.Header) {
	absent := func(name string) bool { return len(h.Values(name)) == 0 }
	if out.Admin && absent(headerAdminSecret) {
		out.Headers[headerAdminSecret] = ""
	}
	if s.GRPC() && absent(headerURL) {
		out.Headers[headerURL] = ""
	}
	if !s.GRPC() && !isOAuth(s.Request.Path) && absent("Origin") {
		out.Headers["Origin"] = ""
	}
}
