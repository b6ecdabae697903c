package demo

import (
	"net"
	"net/http"
	"regexp"
	"strings"
	"testing"

	authorizer "github.com/triwire/authorizer-sdk/sdk"

	"github.com/triwire/authorizer-sdk/sdk/authorizertest"
)

// live is the environment of a server that the demo takes for a real one.
func live(url string, s *authorizertest.Server) func(string) string {
	return environment(
		"AUTHORIZER_URL", url, "AUTHORIZER_GRPC", s.GRPCEndpoint,
		"AUTHORIZER_CLIENT_ID", clientID, "AUTHORIZER_ADMIN_SECRET", adminSecret,
	)
}

// usersOf counts the users of a server that nobody has signed up at yet: 2.
func usersOf(t *testing.T, s *authorizertest.Server) int64 {
	t.Helper()
	admin, err := authorizer.NewAdmin(s.URL, adminSecret)
	if err != nil {
		t.Fatal(err)
	}
	defer admin.Close()
	answer, err := admin.Users(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return answer.Pagination.Total
}

func TestLive(t *testing.T) {
	s := startServer(t)
	code, out, errs := runMain(t, live(s.URL, s))
	if code != exitSame || errs != "" {
		t.Errorf("exit code %d, stderr %q", code, errs)
	}
	for _, want := range []string{
		`(?m)^signup +ok +ok +ok +same$`,
		`(?m)^  user\.email .* left out$`,
		`(?m)^  user\.app_data\.seats +3 +3 +3$`,
		`(?m)^users, our own +ok +ok +ok +same$`,
		`such fields are marked "left out"`,
		`(?m)^Deleted the user demo-[a-z0-9]+@example\.com\.$`,
	} {
		if !regexp.MustCompile(want).MatchString(out) {
			t.Errorf("no line like %s", want)
		}
	}
	if strings.Contains(out, "bob@example.com") || strings.Contains(out, "+1415") {
		t.Error("the users of the server are shown")
	}
	if n := usersOf(t, s); n != 2 {
		t.Errorf("%d users left, want the 2 that were there", n)
	}
	if t.Failed() {
		t.Log(out)
	}
}

// What is left out must not hide what is not.
func TestLiveDiffers(t *testing.T) {
	s := startServer(t)
	target := behind(t, s, replace("/v1/admin/users", `"seats": ?3`, `"seats":4`))
	code, out, _ := runMain(t, live(target.URL, s))
	if code != exitDiffers || !regexp.MustCompile(`(?m)^  users\[0\]\.app_data\.seats +3 +4 +3 +differs$`).MatchString(out) {
		t.Errorf("exit code %d, output:\n%s", code, out)
	}
}

// A delete_user that fails over one protocol leaves no user behind.
func TestLiveCleansUp(t *testing.T) {
	s := startServer(t)
	code, out, _ := runMain(t, live(refuse(t, s, "/v1/admin/delete_user"), s))
	if code != exitDiffers {
		t.Errorf("exit code %d, want %d", code, exitDiffers)
	}
	if n := usersOf(t, s); n != 2 || strings.Count(out, "Deleted the user") != 3 {
		t.Errorf("%d users left, want 2, output:\n%s", n, out)
	}
}

// A server that cannot be used is left alone.
func TestLiveUnusable(t *testing.T) {
	s := startServer(t)
	code, out, _ := runMain(t, live(refuse(t, s, "/graphql"), s))
	if code != exitUsage || usersOf(t, s) != 2 {
		t.Errorf("exit code %d, output:\n%s", code, out)
	}
}

func TestEnvironment(t *testing.T) {
	s := startServer(t)
	nobody := unusedPort(t)
	for name, c := range map[string]struct {
		env  func(string) string
		want string
	}{
		"only the URL": {
			environment("AUTHORIZER_URL", s.URL),
			"set AUTHORIZER_CLIENT_ID and AUTHORIZER_ADMIN_SECRET too",
		},
		"no URL": {
			environment("AUTHORIZER_CLIENT_ID", "x", "AUTHORIZER_ADMIN_SECRET", "x"),
			"set AUTHORIZER_URL too",
		},
		"a URL that is none": {
			live("localhost", s),
			"localhost",
		},
		"nobody there": {
			live("http://"+nobody, s),
			"the server cannot be used over graphql: meta over graphql: unavailable",
		},
		"no gRPC there": {
			environment("AUTHORIZER_URL", s.URL, "AUTHORIZER_GRPC", nobody,
				"AUTHORIZER_CLIENT_ID", clientID, "AUTHORIZER_ADMIN_SECRET", adminSecret),
			"is AUTHORIZER_GRPC (" + nobody + ") the server's gRPC port?",
		},
		"another client id": {
			environment("AUTHORIZER_URL", s.URL, "AUTHORIZER_GRPC", s.GRPCEndpoint,
				"AUTHORIZER_CLIENT_ID", "other", "AUTHORIZER_ADMIN_SECRET", adminSecret),
			"client id is invalid",
		},
		"another admin secret": {
			environment("AUTHORIZER_URL", s.URL, "AUTHORIZER_GRPC", s.GRPCEndpoint,
				"AUTHORIZER_CLIENT_ID", clientID, "AUTHORIZER_ADMIN_SECRET", "hush"),
			"see AUTHORIZER_ADMIN_SECRET",
		},
	} {
		t.Run(name, func(t *testing.T) {
			code, _, errs := runMain(t, c.env)
			if code != exitUsage || !strings.Contains(errs, c.want) || strings.Contains(errs, "hush") {
				t.Errorf("exit code %d, want %d and %q in %q", code, exitUsage, c.want, errs)
			}
		})
	}
	if n := usersOf(t, s); n != 2 {
		t.Errorf("%d users, want the 2 that were there", n)
	}
}

// refuse is the URL of a server that answers a path with an error.
func refuse(t *testing.T, s *authorizertest.Server, path string) string {
	t.Helper()
	mux := http.NewServeMux()
	mux.Handle("/", proxy(t, s))
	mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusInternalServerError)
		_, _ = w.Write([]byte(`{"code":"internal","message":"broken"}`))
	})
	return serve(t, mux)
}

func unusedPort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}
