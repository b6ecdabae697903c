package server

import (
	"bytes"
	"net/http"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
)

// rest is the REST front: JSON in and out by the rules of protojson, which
// give it its habits. Every field is written, absent ones as zero, int64 as a
// string, and free-form maps in their message.
type rest map[string]operation

func newREST(ops []operation) rest {
	r := rest{}
	for _, op := range ops {
		r[op.path] = op
	}
	return r
}

// ServeHTTP implements [http.Handler].
func (f rest) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	op, ok := f[r.URL.Path]
	switch {
	case !ok:
		writeError(w, http.StatusNotFound, "not_found", "Not Found")
	case op.verb != r.Method:
		writeError(w, http.StatusMethodNotAllowed, "method_not_allowed", "Method Not Allowed")
	default:
		f.serve(w, r, op)
	}
}

func (f rest) serve(w http.ResponseWriter, r *http.Request, op operation) {
	in := op.input()
	body, err := readBody(r)
	if err == nil && len(bytes.TrimSpace(body)) > 0 {
		err = protojson.UnmarshalOptions{DiscardUnknown: true}.Unmarshal(body, in)
	}
	if err != nil {
		writeError(w, http.StatusBadRequest, "invalid_argument", err.Error())
		return
	}
	if err := validate(in); err != nil {
		writeStatus(w, err)
		return
	}
	out, err := op.call(withHTTPCaller(r), in)
	if err != nil {
		writeStatus(w, err)
		return
	}
	data, err := protojson.MarshalOptions{EmitUnpopulated: true, UseProtoNames: true}.Marshal(out)
	if err != nil {
		writeError(w, http.StatusInternalServerError, "internal", err.Error())
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(data) // the peer may be gone
}

// writeStatus writes an error of a method: {"code": ..., "message": ...}.
func writeStatus(w http.ResponseWriter, err error) {
	s := status.Convert(err)
	known, ok := map[codes.Code]struct {
		http int
		name string
	}{
		codes.InvalidArgument:  {http.StatusBadRequest, "invalid_argument"},
		codes.Unauthenticated:  {http.StatusUnauthorized, "unauthenticated"},
		codes.PermissionDenied: {http.StatusForbidden, "permission_denied"},
	}[s.Code()]
	if !ok {
		known.http, known.name = http.StatusInternalServerError, "internal"
	}
	writeError(w, known.http, known.name, s.Message())
}

func writeError(w http.ResponseWriter, status int, code, message string) {
	writeJSON(w, status, map[string]string{"code": code, "message": message})
}
