package fidelity

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/triwire/authorizer-sdk/sdk/authorizertest"
)

// hooks is the endpoint that the recorded server delivered webhooks to. It
// returns the hosts to give to the emulator.
func hooks(t testing.TB) map[string]string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/fail" {
			w.WriteHeader(http.StatusInternalServerError)
			_, _ = w.Write([]byte("broken"))
			return
		}
		fmt.Fprintf(w, `{"received":true,"x_token":%q,"x_num":%q,"x_bool":%q}`,
			r.Header.Get("X-Token"), r.Header.Get("X-Num"), r.Header.Get("X-Bool"))
	}))
	t.Cleanup(s.Close)
	return map[string]string{"hooks.example.com": s.Listener.Addr().String()}
}

// start starts an emulator that is set up as the recorded server was.
func start(t testing.TB, recording string, engine authorizertest.FGAEngine) Emulator {
	t.Helper()
	mail := strings.HasSuffix(recording, ".mail")
	opts := []authorizertest.Option{
		authorizertest.WithCredentials("123456", "secret", "admin"),
		authorizertest.WithSettings(authorizertest.Settings{NoMail: !mail, NoSMS: true, EmailVerification: mail}),
		authorizertest.WithWebhookHosts(hooks(t)),
	}
	if engine != nil {
		opts = append(opts, authorizertest.WithFGA(engine))
	}
	s := authorizertest.New(t, opts...)
	s.Clock().Freeze(time.Unix(1750000000, 0)) // the recordings have one time for all
	_, port, err := net.SplitHostPort(strings.TrimPrefix(s.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	return Emulator{HTTPAddr: net.JoinHostPort("127.0.0.1", port), GRPCAddr: s.GRPCEndpoint, Settle: s.WaitForWebhooks, FGA: engine != nil}
}

// toldInReadme checks that the README tells the share that was measured.
func toldInReadme(t *testing.T, root string, sum Report) {
	t.Helper()
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(readme), "\n"+sum.String()+"\n") {
		t.Errorf("the README does not say %q", sum)
	}
}

// Test plays all recordings against the emulator, with engines that newEngine
// makes (nil: without fine-grained authorization), and prints the share of equal
// steps for each protocol. Every other answer must have a row with a reason, and
// every row must be needed.
func Test(t *testing.T, root string, newEngine func(testing.TB) authorizertest.FGAEngine) {
	for _, protocol := range []string{"graphql", "rest", "grpc"} {
		t.Run(protocol, func(t *testing.T) {
			var sum Report
			for _, recording := range []string{protocol, protocol + ".mail"} {
				var engine authorizertest.FGAEngine
				if newEngine != nil {
					engine = newEngine(t)
				}
				report, err := Measure(t.Context(), root, recording, start(t, recording, engine))
				if err != nil {
					t.Fatal(err)
				}
				sum.Add(report)
			}
			t.Log(sum)
			for _, problem := range sum.Problems {
				t.Error(problem)
			}
			unknown, err := Unknown(root, protocol, newEngine != nil, sum.Excepted)
			if err != nil {
				t.Fatal(err)
			}
			if newEngine != nil {
				toldInReadme(t, root, sum)
			}
			for _, step := range unknown {
				t.Errorf("the table has a row for %s over %s, where no answer differs", step, protocol)
			}
		})
	}
}
