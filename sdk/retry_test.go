package authorizer_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"

	authorizerv1 "github.com/triwire/authorizer-sdk/gen/authorizer/v1"
	authorizer "github.com/triwire/authorizer-sdk/sdk"
	authorizergrpc "github.com/triwire/authorizer-sdk/sdk/grpc"
	"github.com/triwire/authorizer-sdk/sdk/internal/sdktest"
)

// retryInfo is what a gRPC server says where an HTTP server says Retry-After.
func retryInfo(d time.Duration) []proto.Message {
	return []proto.Message{&errdetails.RetryInfo{RetryDelay: durationpb.New(d)}}
}

// call calls an idempotent method or one that is not.
func call(ctx context.Context, c *authorizer.Client, idempotent bool, opts ...authorizer.CallOption) error {
	if idempotent {
		_, err := c.Meta(ctx, opts...)
		return err
	}
	_, err := c.Login(ctx, &authorizer.LoginRequest{Password: "x"}, opts...)
	return err
}

// eachWay runs the test over each protocol, and over gRPC also with a dial option
// of the caller's, with which answers take another way.
func eachWay(t *testing.T, test func(t *testing.T, p authorizer.Protocol, more []authorizer.Option)) {
	t.Helper()
	sdktest.Each(t, func(t *testing.T, p authorizer.Protocol) { test(t, p, nil) })
	t.Run("grpc with a dial option", func(t *testing.T) {
		test(t, authorizer.ProtocolGRPC, []authorizer.Option{authorizergrpc.WithDialOptions(grpc.WithUserAgent("test"))})
	})
}

func TestWhatIsSentAgain(t *testing.T) {
	unavailable := &sdktest.Answer{Status: 503, Code: codes.Unavailable, Message: "later"}
	limited := &sdktest.Answer{Status: 429, Code: codes.ResourceExhausted, Message: "slow down", Details: retryInfo(time.Millisecond)}
	for _, test := range []struct {
		name        string
		answer      *sdktest.Answer
		idempotent  int // how often such a method is sent
		otherwise   int
		wantFailure error
	}{
		{"unavailable", unavailable, 3, 1, authorizer.ErrUnavailable},
		{"unavailable, come back", &sdktest.Answer{Status: 503, Code: codes.Unavailable, Header: http.Header{"Retry-After": {"0"}}, Details: retryInfo(time.Millisecond)}, 3, 1, authorizer.ErrUnavailable},
		{"too many requests", limited, 3, 3, authorizer.ErrResourceExhausted},
		{"a deadline of the server's own", &sdktest.Answer{Status: 504, Code: codes.DeadlineExceeded}, 3, 1, authorizer.ErrDeadlineExceeded},
		{"unauthenticated", &sdktest.Answer{Code: codes.Unauthenticated, Message: "unauthorized"}, 1, 1, authorizer.ErrUnauthenticated},
		{"internal", &sdktest.Answer{Code: codes.Internal, Message: "record not found"}, 1, 1, authorizer.ErrInternal},
	} {
		t.Run(test.name, func(t *testing.T) {
			eachWay(t, func(t *testing.T, p authorizer.Protocol, more []authorizer.Option) {
				s := sdktest.Start(t)
				s.On("", always(test.answer))
				c := s.User(t, p, append(more, sdktest.QuickRetry(3))...)
				for idempotent, want := range map[bool]int{true: test.idempotent, false: test.otherwise} {
					s.Forget()
					var info authorizer.ResponseInfo
					err := call(t.Context(), c, idempotent, authorizer.WithResponseInfo(&info))
					if n := len(s.Calls("")); n != want || info.Attempts != want || !errors.Is(err, test.wantFailure) {
						t.Errorf("idempotent %t: sent %d times, want %d, info says %d: %v", idempotent, n, want, info.Attempts, err)
					}
				}
			})
		})
	}
}

// passing fails so often and then answers.
func passing(failures int, a *sdktest.Answer) sdktest.Handler {
	return func(r *sdktest.Request) *sdktest.Answer {
		if r.Nth <= failures {
			return a
		}
		return nil
	}
}

func TestPassingFailureIsNotSeen(t *testing.T) {
	sdktest.Each(t, func(t *testing.T, p authorizer.Protocol) {
		s := sdktest.Start(t)
		s.On("meta", passing(2, &sdktest.Answer{Status: 503, Code: codes.Unavailable}))
		if _, err := s.User(t, p).Meta(t.Context()); err != nil { // by default
			t.Error(err)
		}
		if n := len(s.Calls("meta")); n != 3 {
			t.Errorf("sent %d times, want 3", n)
		}
	})
}

func TestRetryCanBeSwitchedOff(t *testing.T) {
	sdktest.Each(t, func(t *testing.T, p authorizer.Protocol) {
		s := sdktest.Start(t)
		s.On("meta", always(&sdktest.Answer{Status: 503, Code: codes.Unavailable}))
		sent := func(c *authorizer.Client, opts ...authorizer.CallOption) int {
			s.Forget()
			if _, err := c.Meta(t.Context(), opts...); !errors.Is(err, authorizer.ErrUnavailable) {
				t.Errorf("got %v", err)
			}
			return len(s.Calls("meta"))
		}
		off, on := s.User(t, p, authorizer.WithoutRetry()), s.User(t, p, sdktest.QuickRetry(2))
		for name, got := range map[string][2]int{
			"off by the client": {sent(off), 1},
			"off by the call":   {sent(on, authorizer.WithoutRetry()), 1},
			"off by the view":   {sent(on.With(authorizer.WithoutRetry())), 1},
			"on by the call":    {sent(off, sdktest.QuickRetry(4)), 4},
			"on by the client":  {sent(on), 2},
		} {
			if got[0] != got[1] {
				t.Errorf("%s: sent %d times, want %d", name, got[0], got[1])
			}
		}
	})
}

// patient tries again soon, but lets the server say when.
func patient() authorizer.Option {
	return authorizer.WithRetry(authorizer.RetryPolicy{MaxAttempts: 2, BaseDelay: time.Millisecond, MaxDelay: 5 * time.Second})
}

// What a server asks for is waited for, though the policy would not wait.
func TestServerSaysWhenToComeBack(t *testing.T) {
	for name, a := range map[string]*sdktest.Answer{
		"Retry-After": {Status: 503, Code: codes.Unavailable, Header: http.Header{"Retry-After": {"1"}}, Details: retryInfo(time.Second)},
		"429":         {Status: 429, Code: codes.ResourceExhausted, Header: http.Header{"Retry-After": {"1"}}, Details: retryInfo(time.Second)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sdktest.Each(t, func(t *testing.T, p authorizer.Protocol) {
				t.Parallel()
				s := sdktest.Start(t)
				s.On("meta", passing(1, a))
				start := time.Now()
				if _, err := s.User(t, p, patient()).Meta(t.Context()); err != nil {
					t.Error(err)
				}
				if waited := time.Since(start); waited < time.Second {
					t.Errorf("came back after %s, want a second", waited)
				}
			})
		})
	}
}

// Nobody is made to wait for longer than there is time, or than makes sense.
func TestServerAsksForTooLong(t *testing.T) {
	sdktest.Each(t, func(t *testing.T, p authorizer.Protocol) {
		for name, seconds := range map[string]string{"longer than the deadline": "30", "an hour": "3600", "centuries": "99999999999"} {
			s := sdktest.Start(t)
			d := 30 * time.Second
			if seconds != "30" {
				d = time.Hour
			}
			s.On("meta", always(&sdktest.Answer{
				Status: 503, Code: codes.Unavailable, Details: retryInfo(d), Header: http.Header{"Retry-After": {seconds}},
			}))
			ctx := t.Context()
			if seconds == "30" {
				short, cancel := context.WithTimeout(ctx, 20*time.Second)
				defer cancel()
				ctx = short
			}
			start := time.Now()
			_, err := s.User(t, p).Meta(ctx)
			if !errors.Is(err, authorizer.ErrUnavailable) || errors.Is(err, context.DeadlineExceeded) || len(s.Calls("meta")) != 1 {
				t.Errorf("%s: %v after %d calls", name, err, len(s.Calls("meta")))
			}
			if took := time.Since(start); took > 10*time.Second {
				t.Errorf("%s: the failure took %s", name, took)
			}
		}
	})
}

// However many tries a policy allows, they end with the call's time.
func TestTriesEndWithTheCall(t *testing.T) {
	sdktest.Each(t, func(t *testing.T, p authorizer.Protocol) {
		s := sdktest.Start(t)
		s.On("meta", always(&sdktest.Answer{Status: 503, Code: codes.Unavailable}))
		endless := authorizer.WithRetry(authorizer.RetryPolicy{MaxAttempts: 1 << 30, BaseDelay: 10 * time.Millisecond, MaxDelay: 20 * time.Millisecond})
		start := time.Now()
		_, err := s.User(t, p, endless).Meta(t.Context(), authorizer.WithTimeout(200*time.Millisecond))
		if !errors.Is(err, authorizer.ErrUnavailable) && !errors.Is(err, authorizer.ErrDeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		if took := time.Since(start); took > 10*time.Second || len(s.Calls("meta")) < 2 {
			t.Errorf("%d tries in %s", len(s.Calls("meta")), took)
		}
	})
}

// A caller who gives up between two tries is told so, and what failed before.
func TestCancelBetweenTries(t *testing.T) {
	sdktest.Each(t, func(t *testing.T, p authorizer.Protocol) {
		s := sdktest.Start(t)
		answered := make(chan struct{}, 1)
		s.On("meta", func(*sdktest.Request) *sdktest.Answer {
			answered <- struct{}{}
			return &sdktest.Answer{Status: 503, Code: codes.Unavailable, Details: retryInfo(20 * time.Second), Header: http.Header{"Retry-After": {"20"}}}
		})
		ctx, cancel := context.WithCancel(t.Context())
		go func() {
			<-answered
			time.Sleep(100 * time.Millisecond) // into the wait
			cancel()
		}()
		start := time.Now()
		_, err := s.User(t, p).Meta(ctx)
		if !errors.Is(err, context.Canceled) || !errors.Is(err, authorizer.ErrCanceled) || !errors.Is(err, authorizer.ErrUnavailable) {
			t.Errorf("got %v", err)
		}
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("giving up took %s", took)
		}
	})
}

func TestTryTimeoutThenSuccess(t *testing.T) {
	sdktest.Each(t, func(t *testing.T, p authorizer.Protocol) {
		t.Parallel()
		s := sdktest.Start(t)
		slow := func(r *sdktest.Request) *sdktest.Answer {
			if r.Nth == 1 {
				return untilGone(r)
			}
			return nil
		}
		s.On("meta", slow)
		s.On("login", slow)
		c := s.User(t, p, sdktest.QuickRetry(10)) // on a busy machine the second try can be slow as well
		if err := call(t.Context(), c, true, authorizer.WithTryTimeout(300*time.Millisecond)); err != nil || len(s.Calls("meta")) < 2 {
			t.Errorf("idempotent: %v after %d calls", err, len(s.Calls("meta")))
		}
		err := call(t.Context(), c, false, authorizer.WithTryTimeout(300*time.Millisecond))
		if !errors.Is(err, authorizer.ErrDeadlineExceeded) || len(s.Calls("login")) != 1 {
			t.Errorf("not idempotent: %v after %d calls", err, len(s.Calls("login")))
		}
		if e := asError(t, err); !strings.Contains(e.Message, "WithTryTimeout") {
			t.Errorf("the error does not say which time ran out: %v", err)
		}
	})
}

// dialling makes clients whose first connections do not come about.
type dialling struct {
	failures int32
	dials    atomic.Int32
	nobody   string
}

func (d *dialling) dial(ctx context.Context, addr string) (net.Conn, error) {
	if d.dials.Add(1) <= d.failures {
		addr = d.nobody
	}
	return new(net.Dialer).DialContext(ctx, "tcp", addr)
}

func (d *dialling) options() []authorizer.Option {
	return []authorizer.Option{
		authorizer.WithHTTPClient(&http.Client{Transport: &http.Transport{
			DialContext: func(ctx context.Context, _, addr string) (net.Conn, error) { return d.dial(ctx, addr) },
		}}),
		authorizergrpc.WithDialOptions(grpc.WithContextDialer(d.dial)),
	}
}

// Without a connection nothing was processed, so that every method is sent again.
func TestDialErrorIsRetriedForAll(t *testing.T) {
	for _, idempotent := range []bool{true, false} {
		sdktest.Each(t, func(t *testing.T, p authorizer.Protocol) {
			s := sdktest.Start(t)
			d := &dialling{failures: 1, nobody: closedPort(t)}
			c := s.User(t, p, append(d.options(), sdktest.QuickRetry(10))...)
			if err := call(t.Context(), c, idempotent); err != nil {
				t.Errorf("idempotent %t: %v after %d dials", idempotent, err, d.dials.Load())
			}
			if n := len(s.Calls("")); n != 1 {
				t.Errorf("sent %d times, want once", n)
			}
			if n := d.dials.Load(); n != 2 {
				t.Errorf("%d dials, want 2", n)
			}
		})
	}
}

// large is an answer that takes more than one packet.
func large() *sdktest.Answer {
	big := strings.Repeat("x", 256<<10)
	return &sdktest.Answer{Result: &authorizerv1.AuthResponse{Message: big}}
}

// The server did its work, and its answer is lost on the way: it must not be
// asked to do it again.
func TestResetMidAnswer(t *testing.T) {
	eachWay(t, func(t *testing.T, p authorizer.Protocol, more []authorizer.Option) {
		s := sdktest.Start(t)
		c, proxy := s.Proxied(t, p, append(more, sdktest.QuickRetry(4))...)
		breaking := func(a *sdktest.Answer) sdktest.Handler {
			return func(r *sdktest.Request) *sdktest.Answer {
				if r.Nth == 1 {
					proxy.CutAfter(20)
				}
				return a
			}
		}
		s.On("login", breaking(large()))
		s.On("meta", breaking(&sdktest.Answer{Result: &authorizerv1.Meta{Version: strings.Repeat("v", 256<<10)}}))
		res, err := c.Login(t.Context(), nil)
		if e := asError(t, err); res != nil || e.Code != authorizer.CodeUnavailable || len(s.Calls("login")) != 1 {
			t.Errorf("not idempotent: %v, %v after %d calls, want one", res, err, len(s.Calls("login")))
		}
		if _, err := c.Meta(t.Context()); err != nil || len(s.Calls("meta")) != 2 {
			t.Errorf("idempotent: %v after %d calls, want two", err, len(s.Calls("meta")))
		}
	})
}
