package replay

import (
	"io"
	"net/http"
)

// statusRefused is no status that the recorded server ever gave.
const statusRefused = 599

func (s *Server) httpHandler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, "replay: "+err.Error(), statusRefused)
			return
		}
		step := s.current()
		if step == nil {
			http.Error(w, noStep, statusRefused)
			return
		}
		got := s.contracts.httpMessage(step, r.Method, r.URL.RequestURI(), r.Header, body)
		if refusal := s.judge(step, got, r.Header); refusal != "" {
			http.Error(w, refusal, statusRefused)
			return
		}
		s.answerHTTP(w, step, r.URL.Path, body)
	})
}

func (s *Server) answerHTTP(w http.ResponseWriter, step *Step, path string, request []byte) {
	answer := step.Response.WireBody()
	if path == "/graphql" {
		answer = s.contracts.rekey(request, answer)
	}
	for name, values := range step.Response.Headers {
		w.Header()[name] = values
	}
	w.WriteHeader(step.Response.Status)
	_, _ = w.Write(answer)
}
