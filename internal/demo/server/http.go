package server

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// maxBody is the largest request body in bytes.
const maxBody = 1 << 20

// httpHandler answers GraphQL and REST behind the rules that both share.
func httpHandler(ops []operation, schema *ast.Schema) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/graphql", newGraphQL(ops, schema))
	mux.Handle("/", newREST(ops))
	return csrf(mux)
}

// csrf refuses state-changing requests that a foreign page could have sent.
func csrf(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if problem := csrfProblem(r); problem != "" {
			writeJSON(w, http.StatusForbidden, oauthError{"csrf_validation_failed", problem})
			return
		}
		next.ServeHTTP(w, r)
	})
}

func csrfProblem(r *http.Request) string {
	if r.Method == http.MethodGet {
		return ""
	}
	origin := r.Header.Get("Origin")
	if origin == "" {
		origin = r.Header.Get("Referer")
	}
	own := "http://" + r.Host
	switch {
	case origin == "":
		return "Origin or Referer header is required for state-changing requests"
	case origin != own && !strings.HasPrefix(origin, own+"/"):
		return "Origin not allowed"
	case !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") && r.Header.Get("X-Requested-With") == "":
		return "State-changing requests must include Content-Type: application/json or X-Requested-With header"
	}
	return ""
}

// readBody reads a body of at most maxBody bytes.
func readBody(r *http.Request) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err == nil && len(body) > maxBody {
		err = errors.New("the request is too large")
	}
	return body, err
}

// oauthError is the error of everything that is no method.
type oauthError struct {
	Error       string `json:"error"`
	Description string `json:"error_description"`
}

// writeJSON writes documents one after the other.
func writeJSON(w http.ResponseWriter, status int, documents ...any) {
	if w.Header().Get("Content-Type") == "" {
		w.Header().Set("Content-Type", "application/json")
	}
	w.WriteHeader(status)
	for _, d := range documents {
		_ = json.NewEncoder(w).Encode(d) // the peer may be gone
	}
}
