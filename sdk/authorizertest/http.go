package authorizertest

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
	"github.com/triwire/authorizer-sdk/sdk/authorizertest/internal/emulator"
)

// handler is what the server has over HTTP: the methods, and around them the
// real server's rules for browsers and its endpoints for them.
func (s *Server) handler(methods http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", s.checkClient(methods))
	mux.HandleFunc("GET /authorize", s.authorize)
	mux.HandleFunc("GET /verify_email", s.followLink)
	mux.HandleFunc("GET /.well-known/jwks.json", func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, http.StatusOK, s.emulator.JWKS()) })
	mux.HandleFunc("GET /.well-known/openid-configuration", s.openID)
	return dropping(s.checkOrigin(mux))
}

// checkOrigin is the rule against requests that other sites make a browser send.
func (s *Server) checkOrigin(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if problem := s.originProblem(r); problem != "" {
			writeOAuthError(w, http.StatusForbidden, "csrf_validation_failed", problem)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (s *Server) originProblem(r *http.Request) string {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
		return ""
	}
	if strings.HasPrefix(r.URL.Path, "/oauth/") {
		return ""
	}
	origin := r.Header.Get("Origin")
	if origin == "" {
		if u, err := url.Parse(r.Header.Get("Referer")); err == nil && u.Scheme != "" && u.Host != "" {
			origin = u.Scheme + "://" + u.Host
		}
	}
	switch {
	case origin == "":
		return "Origin or Referer header is required for state-changing requests"
	case !s.emulator.OriginAllowed(origin, r.Host):
		return "Origin not allowed"
	case !strings.Contains(r.Header.Get("Content-Type"), "application/json") && r.Header.Get("X-Requested-With") == "":
		return "State-changing requests must include Content-Type: application/json or X-Requested-With header"
	}
	return ""
}

// checkClient is the check of the client id, over GraphQL only. Like the real
// server, it answers for a wrong one and then for the call as well, in the same
// body.
func (s *Server) checkClient(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get("X-Authorizer-Client-Id")
		if r.URL.Path == "/graphql" && id != "" && id != s.ClientID {
			writeOAuthError(w, http.StatusBadRequest, "invalid_client_id", "The client id is invalid")
			w = &afterwards{w}
		}
		next.ServeHTTP(w, r)
	})
}

// afterwards is a response whose status is written already.
type afterwards struct{ http.ResponseWriter }

func (a *afterwards) WriteHeader(int) {}

func (s *Server) authorize(w http.ResponseWriter, r *http.Request) {
	location, err := s.emulator.Authorize(emulator.WithCall(r.Context(), httpCall(w, r)), r.URL.Query())
	var e *authorizer.Error
	if errors.As(err, &e) {
		writeOAuthError(w, e.HTTPStatus, e.ServerCode, e.Message)
		return
	}
	http.Redirect(w, r, location, http.StatusFound)
}

func (s *Server) followLink(w http.ResponseWriter, r *http.Request) {
	location, err := s.emulator.FollowLink(emulator.WithCall(r.Context(), httpCall(w, r)), r.URL.Query())
	var e *emulator.LinkError
	if errors.As(err, &e) {
		if location = e.Location; location == "" {
			writeJSON(w, http.StatusBadRequest, map[string]string{"error": e.Message})
			return
		}
	}
	http.Redirect(w, r, location, http.StatusTemporaryRedirect)
}

func (s *Server) openID(w http.ResponseWriter, r *http.Request) {
	issuer := s.emulator.Issuer(httpCall(w, r))
	writeJSON(w, http.StatusOK, map[string]any{
		"issuer":                                issuer,
		"authorization_endpoint":                issuer + "/authorize",
		"token_endpoint":                        issuer + "/oauth/token",
		"revocation_endpoint":                   issuer + "/oauth/revoke",
		"jwks_uri":                              issuer + "/.well-known/jwks.json",
		"response_types_supported":              []string{"code"},
		"grant_types_supported":                 []string{"authorization_code", "refresh_token"},
		"subject_types_supported":               []string{"public"},
		"id_token_signing_alg_values_supported": []string{"ES256"},
		"code_challenge_methods_supported":      []string{"S256", "plain"},
		"scopes_supported":                      []string{"openid", "email", "profile", "offline_access"},
	})
}

// httpCall is the call of a request that is no method's.
func httpCall(w http.ResponseWriter, r *http.Request) *emulator.Call {
	return &emulator.Call{
		Header: r.Header, Host: r.Host, RemoteAddr: r.RemoteAddr,
		SetCookie: func(c *http.Cookie) { http.SetCookie(w, c) }, SetHeader: w.Header().Set,
	}
}

func writeOAuthError(w http.ResponseWriter, status int, word, description string) {
	writeJSON(w, status, map[string]string{"error": word, "error_description": description})
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(v) // the caller is gone
}
