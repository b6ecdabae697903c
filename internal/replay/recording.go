// Package replay proves the SDK on real traffic. A loopback server answers
// each step of a recording as the real server did and refuses a request that
// differs in meaning from the recorded one; the tests drive the SDK's public
// methods against it over every protocol and compare what they return.
//
//   - recording.go reads the recordings, contracts.go the contract files;
//   - envelope.go, graphql.go, proto.go and form.go say what a request means,
//     apart from how it is spelled, and compare.go where two of them differ;
//   - server.go, http.go and grpc.go are the loopback server;
//   - options.go says how a step's sender is made into a client;
//   - exceptions.go reads the table of known differences, values.go compares
//     results, and verdict.go judges outcomes by both;
//   - sdk_test.go calls the SDK, replay_test.go plays the recordings.
package replay

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"strings"
)

// Recording is one scenario, played by a real server over one protocol.
type Recording struct {
	// ServerVersion is that of the recorded server ("2.3.0-rc.9").
	ServerVersion string `json:"server_version"`
	// Protocol is "graphql", "rest" or "grpc".
	Protocol string `json:"protocol"`
	// Steps in the order in which they were recorded, names unique.
	Steps []*Step `json:"steps"`
}

// Step is one recorded call.
type Step struct {
	Name string `json:"name"`
	// Method is the logical method ("login"), the same over every protocol.
	Method string `json:"method"`
	// Kind is "public", "admin", "oauth" or "graphql_only".
	Kind string `json:"kind"`
	// Auth says which credential was sent, in the recorder's words.
	Auth string `json:"auth"`
	// Input is the logical request, the same over every protocol.
	Input    json.RawMessage `json:"input"`
	Request  Request         `json:"request"`
	Response Response        `json:"response"`
	// Expect is "ok" or "error": what really came back.
	Expect string `json:"expect"`
}

// Request is what the recorder sent: Path, Headers and Body over HTTP;
// Metadata, Message and MessageBase64 over gRPC. Method is the HTTP verb or the
// full gRPC method ("/authorizer.v1.AuthorizerService/Meta").
type Request struct {
	Method        string              `json:"method"`
	Path          string              `json:"path"`
	Headers       map[string]string   `json:"headers"`
	Body          json.RawMessage     `json:"body"`
	Metadata      map[string][]string `json:"metadata"`
	Message       json.RawMessage     `json:"message"`
	MessageBase64 []byte              `json:"message_base64"`
}

// Response is what the server answered: Status, Headers and Body (or Text, when
// the body is not JSON) over HTTP, the rest over gRPC.
type Response struct {
	Status        int                 `json:"status"`
	Headers       map[string]Values   `json:"headers"`
	Body          json.RawMessage     `json:"body"`
	Text          string              `json:"text"`
	Code          uint32              `json:"code"`
	CodeName      string              `json:"code_name"`
	StatusMessage string              `json:"status_message"`
	Details       []json.RawMessage   `json:"details"`
	Header        map[string][]string `json:"header"`
	Trailer       map[string][]string `json:"trailer"`
	Message       json.RawMessage     `json:"message"`
	MessageBase64 []byte              `json:"message_base64"`
}

// Values are the values of one header; a recording writes a single one as a
// plain string.
type Values []string

// UnmarshalJSON accepts a string or a list of strings.
func (v *Values) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '"' {
		*v = make(Values, 1)
		return json.Unmarshal(data, &(*v)[0])
	}
	return json.Unmarshal(data, (*[]string)(v))
}

// GRPC tells whether the step was recorded over gRPC. In a gRPC recording the
// OAuth steps were not.
func (s *Step) GRPC() bool { return s.Request.Path == "" }

// WireBody is the HTTP body as it was sent. A recorded JSON string stands for
// a body that is text: a form, or broken JSON.
func (r *Request) WireBody() []byte {
	var text string
	if json.Unmarshal(r.Body, &text) == nil {
		return []byte(text)
	}
	return r.Body
}

func (r *Request) header() http.Header {
	h := http.Header{}
	for name, value := range r.Headers {
		h.Set(name, value)
	}
	return h
}

// WireBody is the HTTP body as it was answered.
func (r *Response) WireBody() []byte {
	if r.Text != "" {
		return []byte(r.Text)
	}
	return r.Body
}

// Load reads one recording. A key it does not know, a step without a name and
// a name used twice are errors.
func Load(fsys fs.FS, path string) (*Recording, error) {
	data, err := fs.ReadFile(fsys, path)
	if err != nil {
		return nil, fmt.Errorf("recording: %w", err)
	}
	rec := new(Recording)
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(rec); err != nil {
		return nil, fmt.Errorf("recording %s: %w", path, err)
	}
	return rec, rec.check(path)
}

func (r *Recording) check(path string) error {
	if len(r.Steps) == 0 {
		return fmt.Errorf("recording %s: no steps", path)
	}
	seen := map[string]bool{}
	for i, s := range r.Steps {
		if s.Name == "" || seen[s.Name] {
			return fmt.Errorf("recording %s: step %d: name %q is empty or used twice", path, i, s.Name)
		}
		seen[s.Name] = true
		if s.GRPC() != strings.HasPrefix(s.Request.Method, "/") {
			return fmt.Errorf("recording %s: step %s: neither an HTTP nor a gRPC request", path, s.Name)
		}
	}
	return nil
}
