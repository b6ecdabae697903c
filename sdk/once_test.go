package authorizer_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"syscall"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
	authorizergrpc "github.com/triwire/authorizer-sdk/sdk/grpc"
	"github.com/triwire/authorizer-sdk/sdk/internal/sdktest"
)

// net/http takes every GET for idempotent and sends it again by itself when a
// connection breaks before the answer.
func TestNothingIsSentAgainBelow(t *testing.T) {
	for name, test := range map[string]struct {
		method string
		opts   []authorizer.Option
		call   func(context.Context, *authorizer.AdminClient) error
	}{
		"not idempotent": {"adminsession", []authorizer.Option{sdktest.QuickRetry(3)}, func(ctx context.Context, c *authorizer.AdminClient) error {
			_, err := c.AdminSession(ctx)
			return err
		}},
		"no retries": {"adminmeta", []authorizer.Option{authorizer.WithoutRetry()}, func(ctx context.Context, c *authorizer.AdminClient) error {
			_, err := c.AdminMeta(ctx)
			return err
		}},
		"client with a timeout": {"adminsession", []authorizer.Option{authorizer.WithHTTPClient(&http.Client{Timeout: time.Minute})}, func(ctx context.Context, c *authorizer.AdminClient) error {
			_, err := c.AdminSession(ctx)
			return err
		}},
	} {
		t.Run(name, func(t *testing.T) {
			sdktest.Each(t, func(t *testing.T, p authorizer.Protocol) {
				s := sdktest.Start(t)
				proxies := []*sdktest.Proxy{sdktest.NewProxy(t, s.HTTPAddr()), sdktest.NewProxy(t, s.GRPCAddr())}
				c, err := authorizer.NewAdmin("http://"+proxies[0].Addr(), sdktest.AdminSecret,
					append(test.opts, authorizer.WithProtocol(p), authorizer.WithGRPCEndpoint(proxies[1].Addr()))...)
				must(t, err)
				t.Cleanup(func() { _ = c.Close() })
				_, err = c.AdminMeta(t.Context()) // so that there is a connection
				must(t, err)
				s.Forget()
				s.On(test.method, func(r *sdktest.Request) *sdktest.Answer {
					if r.Nth == 1 {
						for _, proxy := range proxies {
							proxy.CutAfter(0)
						}
					}
					return nil
				})
				err = test.call(t.Context(), c)
				if n := len(s.Calls(test.method)); n != 1 || !errors.Is(err, authorizer.ErrUnavailable) {
					t.Errorf("sent %d times, want once: %v", n, err)
				}
			})
		})
	}
}

// Over HTTP/2 an empty body would be told from none.
func TestGETHasNoBodyOverHTTP2(t *testing.T) {
	var lengths []int64
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		lengths = append(lengths, r.ContentLength)
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"message":"m"}`)
	}))
	srv.EnableHTTP2 = true
	srv.StartTLS()
	t.Cleanup(srv.Close)
	c, err := authorizer.NewAdmin(srv.URL, sdktest.AdminSecret, authorizer.WithProtocol(authorizer.ProtocolREST), authorizer.WithHTTPClient(srv.Client()))
	must(t, err)
	_, err = c.Users(t.Context(), nil)
	must(t, err)
	_, err = c.AdminSession(t.Context())
	must(t, err)
	if len(lengths) != 2 || lengths[1] != 0 {
		t.Errorf("the bodies have the lengths %d, want none for the second", lengths)
	}
}

// An interceptor sends a call again: what became of its other requests counts as
// well before the call is tried once more.
func TestInterceptorSendsAgain(t *testing.T) {
	unavailable := &sdktest.Answer{Status: 503, Code: codes.Unavailable, Message: "later"}
	limited := &sdktest.Answer{Status: 429, Code: codes.ResourceExhausted, Message: "slow down", Details: retryInfo(time.Millisecond)}
	eachWay(t, func(t *testing.T, p authorizer.Protocol, more []authorizer.Option) {
		s := sdktest.Start(t)
		twice := func(ctx context.Context, _ authorizer.CallInfo, next func(context.Context) error) error {
			if next(ctx) == nil {
				return errors.New("expected a failure")
			}
			return next(ctx)
		}
		for name, answers := range map[string][]*sdktest.Answer{
			"turned away after it may have been processed": {unavailable, limited},
			"may have been processed after turned away":    {limited, unavailable},
		} {
			s.Forget()
			s.On("login", func(r *sdktest.Request) *sdktest.Answer { return answers[(r.Nth-1)%2] })
			err := call(t.Context(), s.User(t, p, append(more, sdktest.QuickRetry(3), authorizer.WithInterceptor(twice))...), false)
			if n := len(s.Calls("login")); err == nil || n != 2 {
				t.Errorf("%s: %v after %d requests, want the two of the interceptor", name, err, n)
			}
		}
	})
}

// The first request of an interceptor had no connection, and the second one was
// processed.
func TestInterceptorConnectsAgain(t *testing.T) {
	quick := grpc.ConnectParams{Backoff: backoff.Config{BaseDelay: time.Millisecond, Multiplier: 1, MaxDelay: time.Millisecond}, MinConnectTimeout: time.Second}
	sdktest.Each(t, func(t *testing.T, p authorizer.Protocol) {
		s := sdktest.Start(t)
		s.On("login", always(&sdktest.Answer{Status: 503, Code: codes.Unavailable, Message: "later"}))
		until := func(ctx context.Context, _ authorizer.CallInfo, next func(context.Context) error) error {
			err := next(ctx)
			for errors.Is(err, syscall.ECONNREFUSED) {
				time.Sleep(5 * time.Millisecond)
				err = next(ctx)
			}
			return err
		}
		d := &dialling{failures: 1, nobody: closedPort(t)}
		opts := append(d.options(), sdktest.QuickRetry(3), authorizer.WithInterceptor(until), authorizergrpc.WithDialOptions(grpc.WithConnectParams(quick)))
		err := call(t.Context(), s.User(t, p, opts...), false)
		if n := len(s.Calls("login")); !errors.Is(err, authorizer.ErrUnavailable) || n != 1 || d.dials.Load() < 2 {
			t.Errorf("%v after %d dials and %d requests, want one", err, d.dials.Load(), n)
		}
	})
}

// again sends what failed once more, to where nobody is.
type again struct{ nobody string }

func (a again) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err == nil {
		return resp, nil
	}
	second := req.Clone(req.Context())
	second.URL.Host = a.nobody
	second.Body, _ = req.GetBody()
	return http.DefaultTransport.RoundTrip(second)
}

// What the caller puts between may send a call more than once, and fail to
// connect only when it may have been processed already.
func TestWhatIsBetweenSendsAgain(t *testing.T) {
	lost := func(s *sdktest.Server, proxy *sdktest.Proxy) {
		s.On("login", func(r *sdktest.Request) *sdktest.Answer {
			proxy.CutAfter(0)
			return nil
		})
	}
	for _, p := range []authorizer.Protocol{authorizer.ProtocolGraphQL, authorizer.ProtocolREST} {
		t.Run(string(p), func(t *testing.T) {
			s := sdktest.Start(t)
			c, proxy := s.Proxied(t, p, sdktest.QuickRetry(3), authorizer.WithHTTPClient(&http.Client{Transport: again{closedPort(t)}}))
			lost(s, proxy)
			if err := call(t.Context(), c, false); err == nil || len(s.Calls("login")) != 1 {
				t.Errorf("%v after %d requests, want one", err, len(s.Calls("login")))
			}
		})
	}
	for name, option := range map[string]grpc.DialOption{
		"interceptor without the options of the call": grpc.WithUnaryInterceptor(func(ctx context.Context, method string, req, reply any, cc *grpc.ClientConn, invoker grpc.UnaryInvoker, _ ...grpc.CallOption) error {
			return invoker(ctx, method, req, reply, cc)
		}),
		"interceptor that does not wait": grpc.WithUnaryInterceptor(func(ctx context.Context, method string, req, reply any, cc *grpc.ClientConn, invoker grpc.UnaryInvoker, opts ...grpc.CallOption) error {
			ended := make(chan error, 1)
			go func() { ended <- invoker(ctx, method, req, reply, cc, opts...) }()
			select {
			case err := <-ended:
				return err
			case <-time.After(300 * time.Millisecond):
				return status.Error(codes.Unavailable, "takes too long")
			}
		}),
		"service configuration": grpc.WithDefaultServiceConfig(`{"methodConfig": [{"name": [{}], "retryPolicy": {
			"maxAttempts": 2, "initialBackoff": "0.4s", "maxBackoff": "0.4s", "backoffMultiplier": 1, "retryableStatusCodes": ["UNAVAILABLE"]}}]}`),
	} {
		t.Run("grpc "+name, func(t *testing.T) {
			s := sdktest.Start(t)
			c, proxy := s.Proxied(t, authorizer.ProtocolGRPC, sdktest.QuickRetry(3), authorizergrpc.WithDialOptions(option))
			s.On("login", func(r *sdktest.Request) *sdktest.Answer {
				switch name {
				case "interceptor that does not wait":
					<-r.Context.Done()
				case "service configuration":
					time.AfterFunc(50*time.Millisecond, func() { // when the answer is there
						proxy.Refuse(1)
						proxy.Reset()
					})
				}
				return &sdktest.Answer{Code: codes.Unavailable, Message: "later"}
			})
			if err := call(t.Context(), c, false); err == nil || len(s.Calls("login")) != 1 {
				t.Errorf("%v after %d requests, want one", err, len(s.Calls("login")))
			}
		})
	}
}
