package sdktest

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
)

// serveHTTP answers GraphQL, REST and the OAuth endpoints.
func (s *Server) serveHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	req := &Request{Context: r.Context(), Header: r.Header.Clone(), Text: string(body), Remote: r.RemoteAddr}
	if r.URL.Path == "/graphql" {
		s.serveGraphQL(w, req, body)
		return
	}
	req.Protocol, req.Method = "rest", s.contracts.rest[r.Method+" "+r.URL.Path]
	if req.Method == "" {
		http.NotFound(w, r)
		return
	}
	req.Input = inputOf(r.Header.Get("Content-Type"), body)
	a := s.answer(req)
	if !writeRaw(w, a) {
		s.writeREST(w, req, a)
	}
}

// inputOf reads a JSON or a form body.
func inputOf(kind string, body []byte) map[string]any {
	in := map[string]any{}
	if strings.HasPrefix(kind, "application/x-www-form-urlencoded") {
		form, _ := url.ParseQuery(string(body))
		for name := range form {
			in[name] = form.Get(name)
		}
		return in
	}
	_ = decodeJSON(body, &in) // no body, no input
	return in
}

func decodeJSON(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	return d.Decode(into)
}

// writeRaw writes headers, and answers that are the same over GraphQL and REST.
func writeRaw(w http.ResponseWriter, a *Answer) bool {
	maps.Copy(w.Header(), a.Header)
	switch {
	case a.HTTP != nil:
		a.HTTP(w)
	case a.Status != 0 && a.Code == codes.OK:
		w.WriteHeader(a.Status)
		_, _ = io.WriteString(w, a.Body)
	default:
		return false
	}
	return true
}

func (s *Server) writeREST(w http.ResponseWriter, r *Request, a *Answer) {
	m := s.contracts.methods[r.Method]
	switch {
	case a.Code != codes.OK && m == nil:
		writeJSON(w, statusOf(a), map[string]any{"error": codeName(a.Code), "error_description": a.Message})
	case a.Code != codes.OK:
		writeJSON(w, statusOf(a), map[string]any{"code": codeName(a.Code), "message": a.Message})
	case m == nil || a.JSON != nil:
		if a.JSON == nil {
			a.JSON = map[string]any{}
		}
		writeJSON(w, http.StatusOK, a.JSON)
	default:
		result := a.Result
		if result == nil {
			result = emptyResult(m)
		}
		writeJSON(w, http.StatusOK, json.RawMessage(transcoded(result)))
	}
}

// transcoded is a message as the REST gateway writes it.
func transcoded(m proto.Message) []byte {
	text, _ := protojson.MarshalOptions{EmitUnpopulated: true, UseProtoNames: true}.Marshal(m)
	return text
}

func writeJSON(w http.ResponseWriter, status int, document any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(document) // the peer may be gone
}

// statusOf is the HTTP status of a failure, as the server's gateway has it.
func statusOf(a *Answer) int {
	if a.Status != 0 {
		return a.Status
	}
	status, ok := map[codes.Code]int{
		codes.InvalidArgument: 400, codes.FailedPrecondition: 400, codes.OutOfRange: 400, codes.Unauthenticated: 401,
		codes.PermissionDenied: 403, codes.NotFound: 404, codes.AlreadyExists: 409, codes.Aborted: 409, codes.ResourceExhausted: 429,
		codes.Canceled: 499, codes.Unimplemented: 501, codes.Unavailable: 503, codes.DeadlineExceeded: 504,
	}[a.Code]
	if !ok {
		return http.StatusInternalServerError
	}
	return status
}

// codeName is "permission_denied" for PermissionDenied.
func codeName(c codes.Code) string {
	var b strings.Builder
	for i, letter := range c.String() {
		if letter >= 'A' && letter <= 'Z' {
			if i > 0 {
				b.WriteByte('_')
			}
			letter += 'a' - 'A'
		}
		b.WriteRune(letter)
	}
	return b.String()
}
