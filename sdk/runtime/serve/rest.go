package serve

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"reflect"
	"strconv"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/triwire/authorizer-sdk/sdk/runtime"
)

// restHandler answers one operation.
func (s *Server) restHandler(m *method) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			m.writeRESTError(w, Errorf(runtime.CodeInvalidArgument, "the request's body cannot be read"))
			return
		}
		in, err := m.restRequest(r, body)
		if err != nil {
			m.writeRESTError(w, err)
			return
		}
		if m.Handler.streams {
			s.restStream(w, r, m, in)
			return
		}
		out, err := s.call(r.Context(), m, overHTTP(runtime.ProtocolREST, w, r), in)
		if err == nil {
			body, err = m.restAnswer(out)
		}
		if err != nil {
			m.writeRESTError(w, err)
			return
		}
		writeBody(w, m.REST.Status, body)
	})
}

// restRequest decodes the flat request.
func (m *method) restRequest(r *http.Request, body []byte) (any, error) {
	read := bodyTree
	switch {
	case m.rest.request.inParts():
		read = m.rest.request.partsTree
	case m.REST.Transcoded:
		return m.transcodedRequest(r, body)
	case m.rest.request == nil:
		return m.zeroRequest(), nil
	}
	tree, d, err := read(r, body)
	if err != nil {
		return nil, err
	}
	out, err := d.decode(m.rest.request, tree)
	if err != nil {
		return nil, err
	}
	return out.Interface(), nil
}

// transcodedRequest reads the JSON form of the gRPC request as gateways do that
// transcode: the first document of the body, and fields that nobody knows are
// dropped.
func (m *method) transcodedRequest(r *http.Request, body []byte) (any, error) {
	in := m.input.New()
	var document json.RawMessage
	err := json.NewDecoder(bytes.NewReader(body)).Decode(&document)
	if err == nil {
		err = protojson.UnmarshalOptions{DiscardUnknown: true}.Unmarshal(document, in.Interface())
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, Errorf(runtime.CodeInvalidArgument, "%s", err)
	}
	return m.protoRequest(in), nil
}

// bodyTree reads a form, or else JSON; an empty body is an empty object.
func bodyTree(r *http.Request, body []byte) (map[string]any, *treeDecoder, error) {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind == "application/x-www-form-urlencoded" {
		values, err := url.ParseQuery(string(body))
		if err != nil {
			return nil, nil, Errorf(runtime.CodeInvalidArgument, "the form cannot be read")
		}
		return formTree(values), &treeDecoder{texts: true}, nil
	}
	tree := map[string]any{}
	if len(bytes.TrimSpace(body)) == 0 {
		return tree, &treeDecoder{}, nil
	}
	if err := document(body, &tree); err != nil {
		return nil, nil, Errorf(runtime.CodeInvalidArgument, "the request is no JSON object: %s", jsonReason(err))
	}
	if tree == nil {
		tree = map[string]any{} // of null, which parameters may be added to
	}
	return tree, &treeDecoder{}, nil
}

// document reads a body that is one JSON document.
func document(body []byte, out any) error {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	if err := decoder.Decode(out); err != nil {
		return err
	}
	if _, more := decoder.Token(); !errors.Is(more, io.EOF) {
		return errors.New("there is more after the JSON document")
	}
	return nil
}

// jsonReason is the reason without the value, which may be a secret.
func jsonReason(err error) string {
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) {
		return "it is another kind of value"
	}
	return err.Error()
}

// formTree has a text for each name, or a list of several.
func formTree(values url.Values) map[string]any {
	out := map[string]any{}
	for name, list := range values {
		if len(list) == 1 {
			out[name] = list[0]
			continue
		}
		items := make([]any, len(list))
		for i := range list {
			items[i] = list[i]
		}
		out[name] = items
	}
	return out
}

// restAnswer encodes the flat answer.
func (m *method) restAnswer(out any) ([]byte, error) {
	var body []byte
	var err error
	switch {
	case m.REST.Transcoded:
		return m.transcodedAnswer(out)
	case m.rest.response == nil && m.REST.Fixed != "":
		return []byte(m.REST.Fixed), nil
	case m.rest.response == nil:
		return []byte("{}"), nil
	default:
		body, err = m.rest.response.appendJSON(nil, reflect.ValueOf(out).Elem())
	}
	if err != nil {
		return nil, Errorf(runtime.CodeInternal, "the answer of %s cannot be written: %s", m.Name, err)
	}
	if m.REST.Envelope != "" {
		body = append(append(append(strconv.AppendQuote([]byte("{"), m.REST.Envelope), ':'), body...), '}')
	}
	return body, nil
}

// transcodedAnswer is the JSON form of the gRPC answer. protojson varies its
// white space on purpose; it is taken out.
func (m *method) transcodedAnswer(out any) ([]byte, error) {
	answer, err := m.protoAnswer(out)
	if err != nil {
		return nil, err
	}
	text, err := protojson.MarshalOptions{UseProtoNames: !m.REST.JSONNames, EmitUnpopulated: true}.Marshal(answer)
	if err != nil {
		return nil, Errorf(runtime.CodeInternal, "the answer of %s cannot be written: %s", m.Name, err)
	}
	if m.REST.ResponseBody != "" {
		if text, err = m.member(answer, text); err != nil {
			return nil, err
		}
	}
	var compact bytes.Buffer
	err = json.Compact(&compact, text)
	return compact.Bytes(), err
}

// member is the field of a transcoded answer that is all of the body.
func (m *method) member(answer proto.Message, text []byte) (json.RawMessage, error) {
	name := m.REST.ResponseBody
	if fd := answer.ProtoReflect().Descriptor().Fields().ByName(protoreflect.Name(name)); fd != nil && m.REST.JSONNames {
		name = fd.JSONName()
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(text, &members); err != nil || members[name] == nil {
		return nil, Errorf(runtime.CodeInternal, "the answer of %s has no %s to be the body", m.Name, name)
	}
	return members[name], nil
}

// writeRESTError writes an error in the members that the contract has for it.
func (m *method) writeRESTError(w http.ResponseWriter, err error) {
	e := asError(err)
	writeJSON(w, httpStatus(e), m.restError(e))
}

// restError is the error as the contract has it.
func (m *method) restError(e *runtime.Error) any {
	code := word(e)
	if code == "" && m.REST.OAuthErrors && e.Code == runtime.CodeInvalidArgument {
		code = "invalid_request" // the word of RFC 6749
	}
	if code == "" {
		code = e.Code.String()
	}
	if m.REST.OAuthErrors {
		return struct {
			Error       string `json:"error"`
			Description string `json:"error_description"`
		}{code, e.Message}
	}
	return struct {
		Code    string `json:"code"`
		Message string `json:"message"`
	}{code, e.Message}
}
