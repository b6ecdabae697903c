package authorizer_test

import (
	"compress/gzip"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"google.golang.org/grpc/codes"

	authorizerv1 "github.com/triwire/authorizer-sdk/gen/authorizer/v1"
	authorizer "github.com/triwire/authorizer-sdk/sdk"
	"github.com/triwire/authorizer-sdk/sdk/internal/sdktest"
)

// A redirect to another host, with every kind of credential: it is refused, and
// nothing arrives there.
func TestRedirectsCarryNothingAway(t *testing.T) {
	var arrived atomic.Int32
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { arrived.Add(1) }))
	t.Cleanup(other.Close)
	kinds := canaryCredentials()
	kinds["nobody"] = nil
	for _, status := range []int{301, 302, 303, 307, 308} {
		s := sdktest.Start(t)
		s.On("", func(*sdktest.Request) *sdktest.Answer {
			return &sdktest.Answer{HTTP: func(w http.ResponseWriter) {
				w.Header().Set("Location", other.URL+"/elsewhere?token="+plainCanary("location"))
				w.WriteHeader(status)
			}}
		})
		for name, credential := range kinds {
			opts := []authorizer.Option{authorizer.WithHeader("x-key", "some-key")}
			for _, o := range credential {
				opts = append(opts, o)
			}
			for _, p := range sdktest.Protocols() {
				calls := map[string]func() (any, error){
					"get_token, always over HTTP": func() (any, error) { return s.User(t, p, opts...).GetToken(t.Context(), nil) },
				}
				if p != authorizer.ProtocolGRPC {
					calls["with a password"] = func() (any, error) {
						return s.User(t, p, opts...).Login(t.Context(), &authorizer.LoginRequest{Password: canarySecret("password")})
					}
					calls["profile"] = func() (any, error) { return s.User(t, p, opts...).Profile(t.Context()) }
					calls["with the admin secret"] = func() (any, error) { return s.Admin(t, p, opts...).AdminMeta(t.Context()) }
				}
				for what, call := range calls {
					where := fmt.Sprintf("%d, %s, %s over %s", status, name, what, p)
					failsWith(t, where, call, authorizer.ErrFailedPrecondition)
					if _, err := call(); leak(causes(err)) != "" {
						t.Errorf("%s: the error tells the location: %v", where, err)
					}
				}
			}
		}
	}
	if n := arrived.Load(); n != 0 {
		t.Errorf("%d requests arrived at the other host", n)
	}
}

// Over plaintext gRPC nothing secret goes to a host that is not this machine,
// unless the program says so.
func TestPlaintextGRPC(t *testing.T) {
	grpc := authorizer.ProtocolGRPC
	s := sdktest.Start(t)
	login := &authorizer.LoginRequest{Password: "a password"}
	for name, credential := range canaryCredentials() {
		for _, host := range []string{far, "auth.example.com"} {
			opts := elsewhere(s)
			for _, o := range credential {
				opts = append(opts, o)
			}
			c := sdktest.NewUser(t, "http://"+host, host+":9091", grpc, opts...)
			failsWith(t, name, func() (any, error) { return c.Profile(t.Context()) }, authorizer.ErrFailedPrecondition)
			failsWith(t, name+", of the call", func() (any, error) {
				return c.Profile(t.Context(), authorizer.WithoutUser(), authorizer.WithBearerToken("of-the-call"))
			}, authorizer.ErrFailedPrecondition)
			failsWith(t, name+", a password", func() (any, error) { return c.Login(t.Context(), login, authorizer.WithoutUser()) }, authorizer.ErrFailedPrecondition)
		}
	}
	if n := len(s.Calls("")); n != 0 {
		t.Errorf("%d calls arrived", n)
	}
	// By address: a name would be resolved for real.
	open := sdktest.NewUser(t, "http://"+far, far+":9091", grpc, elsewhere(s)...)
	if _, err := open.Meta(t.Context()); err != nil {
		t.Errorf("without a secret: %v", err)
	}
	_, err := open.Profile(t.Context(), authorizer.WithBearerToken("a-token"))
	if e := asError(t, err); !strings.Contains(e.Message, "WithInsecureGRPC") {
		t.Errorf("the error does not say the way out: %v", err)
	}
	allowed := sdktest.NewUser(t, "http://"+far, far+":9091", grpc, append(elsewhere(s), authorizer.WithInsecureGRPC())...)
	for _, call := range []func() error{
		func() error {
			_, err := allowed.Profile(t.Context(), authorizer.WithBearerToken("a-token"))
			return err
		},
		func() error { _, err := allowed.Login(t.Context(), login); return err },
	} {
		if err := call(); err != nil {
			t.Errorf("allowed: %v", err)
		}
	}
	for _, host := range []string{"127.0.0.1", "127.8.8.8", "[::1]", "localhost"} {
		c := sdktest.NewUser(t, "http://"+host, strings.TrimSuffix(host, ".")+":9091", grpc, append(elsewhere(s), authorizer.WithBearerToken("a-token"))...)
		if _, err := c.Profile(t.Context()); err != nil {
			t.Errorf("to loopback, %s: %v", host, err)
		}
	}
}

// A header that the program adds is a credential if its name says so, as what a
// gateway before the server may ask for.
func TestHeadersThatSoundSecret(t *testing.T) {
	for name, secret := range map[string]bool{
		"X-Api-Key": true, "X-Gateway-Token": true, "apikey": true, "X_Client_Secret": true, "X-Authorization": true, "X-Access-Key": true,
		"X-Request-Id": false, "Idempotency-Key": false, "X-Tenant": false,
	} {
		t.Run(name, func(t *testing.T) {
			const value = "value-of-the-header"
			header := authorizer.WithHeader(name, value)
			sdktest.Each(t, func(t *testing.T, p authorizer.Protocol) {
				s := sdktest.Start(t)
				s.On("", func(r *sdktest.Request) *sdktest.Answer {
					return sdktest.Fail(codes.Internal, "who is "+r.Header.Get(name)+"?")
				})
				_, err := s.User(t, p, header).Meta(t.Context())
				if e := asError(t, err); strings.Contains(e.Message, value) == secret {
					t.Errorf("the error says %q", e.Message)
				}
			})
			s := sdktest.Start(t)
			c := sdktest.NewUser(t, "http://"+far, far+":9091", authorizer.ProtocolGRPC, append(elsewhere(s), header)...)
			if _, err := c.Meta(t.Context()); errors.Is(err, authorizer.ErrFailedPrecondition) != secret {
				t.Errorf("over plaintext gRPC: %v", err)
			}
		})
	}
}

func TestOversizedAnswers(t *testing.T) {
	sdktest.Each(t, func(t *testing.T, p authorizer.Protocol) {
		s := sdktest.Start(t)
		s.On("login", always(large()))
		s.On("meta", always(&sdktest.Answer{Result: &authorizerv1.Meta{Version: strings.Repeat("v", 256<<10)}}))
		bothKinds(t, s.User(t, p, authorizer.WithMaxResponseBytes(100<<10)), "too large", []error{authorizer.ErrResourceExhausted})
		if a, b := len(s.Calls("login")), len(s.Calls("meta")); a != 1 || b != 1 {
			t.Errorf("sent again: login %d, meta %d times", a, b)
		}
		c := s.User(t, p, authorizer.WithMaxResponseBytes(1<<20))
		if _, err := c.Login(t.Context(), nil); err != nil {
			t.Errorf("not too large: %v", err)
		}
		if p == authorizer.ProtocolGRPC {
			return
		}
		// What is small on the wire and large when unpacked.
		s.On("meta", always(&sdktest.Answer{HTTP: func(w http.ResponseWriter) {
			w.Header().Set("Content-Encoding", "gzip")
			w.Header().Set("Content-Type", "application/json")
			z := gzip.NewWriter(w)
			_, _ = z.Write([]byte(strings.Repeat(" ", 8<<20)))
			_ = z.Close()
		}}))
		if _, err := c.Meta(t.Context()); !errors.Is(err, authorizer.ErrResourceExhausted) {
			t.Errorf("unpacked: %v", err)
		}
	})
}
