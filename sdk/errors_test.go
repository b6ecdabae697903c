package authorizer_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"syscall"
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
	"github.com/triwire/authorizer-sdk/sdk/internal/sdktest"
)

// asError is errors.As for a test.
func asError(t *testing.T, err error) *authorizer.Error {
	t.Helper()
	var e *authorizer.Error
	if !errors.As(err, &e) {
		t.Fatalf("got %T %v, want *authorizer.Error", err, err)
	}
	return e
}

// always answers every call alike.
func always(a *sdktest.Answer) sdktest.Handler {
	return func(*sdktest.Request) *sdktest.Answer { return a }
}

// The server's failures come as messages over GraphQL, as statuses over the
// others; what a program sees is the same.
func TestFailureHasOneCodeOnEveryProtocol(t *testing.T) {
	for _, test := range []struct {
		code    codes.Code
		message string
		want    error
	}{
		{codes.Unauthenticated, "invalid credentials", authorizer.ErrUnauthenticated},
		{codes.PermissionDenied, "authorization check failed", authorizer.ErrPermissionDenied},
		{codes.InvalidArgument, "invalid email address", authorizer.ErrInvalidArgument},
		{codes.FailedPrecondition, "email service not enabled", authorizer.ErrFailedPrecondition},
		{codes.Internal, "record not found", authorizer.ErrInternal},
		{codes.Code(2017), "openfga.WriteTuples: rpc error: code = Code(2017) desc = cannot write", authorizer.ErrInternal},
		{codes.Unknown, "words that no table knows", authorizer.ErrUnknown},
	} {
		t.Run(test.message, func(t *testing.T) {
			sdktest.Each(t, func(t *testing.T, p authorizer.Protocol) {
				s := sdktest.Start(t)
				a := sdktest.Fail(test.code, test.message)
				if test.code > codes.Unauthenticated && p == authorizer.ProtocolREST {
					a.Code = codes.Internal // what the gateway makes of it
				}
				s.On("login", always(a))
				res, err := s.User(t, p).Login(t.Context(), &authorizer.LoginRequest{Password: "x"})
				e := asError(t, err)
				if res != nil || !errors.Is(err, test.want) || e.Message != test.message || e.Method != "login" || e.Protocol != p {
					t.Errorf("got %v, %#v; want %v", res, e, test.want)
				}
				if errors.Is(err, authorizer.ErrAborted) {
					t.Error("the error is every error")
				}
				if (e.HTTPStatus != 0) != (p != authorizer.ProtocolGRPC) {
					t.Errorf("got HTTP status %d over %s", e.HTTPStatus, p)
				}
			})
		})
	}
}

func TestFieldViolations(t *testing.T) {
	want := []authorizer.FieldViolation{{Field: "password", Description: "must be defined"}}
	bad := &errdetails.BadRequest{FieldViolations: []*errdetails.BadRequest_FieldViolation{{Field: "password", Description: "must be defined"}}}
	body := map[authorizer.Protocol]string{
		authorizer.ProtocolGraphQL: `{"errors":[{"message":"must be defined","path":["variable","params","password"],"extensions":{"code":"GRAPHQL_VALIDATION_FAILED"}}],"data":null}`,
		authorizer.ProtocolREST:    `{"code":3,"message":"must be defined","details":[{"fieldViolations":[{"field":"password","description":"must be defined"}]}]}`,
	}
	sdktest.Each(t, func(t *testing.T, p authorizer.Protocol) {
		s := sdktest.Start(t)
		a := sdktest.Fail(codes.InvalidArgument, "must be defined")
		a.Details = []proto.Message{bad}
		if text := body[p]; text != "" {
			a = &sdktest.Answer{Status: http.StatusUnprocessableEntity, Body: text}
		}
		s.On("login", always(a))
		_, err := s.User(t, p).Login(t.Context(), nil)
		if e := asError(t, err); e.Code != authorizer.CodeInvalidArgument || !slices.Equal(e.Violations, want) {
			t.Errorf("got %v with %v, want %v", e.Code, e.Violations, want)
		}
	})
}

func TestOAuthErrorIsOfTheSameType(t *testing.T) {
	s := sdktest.Start(t)
	s.On("gettoken", always(&sdktest.Answer{Status: 401, Body: `{"error":"invalid_grant","error_description":"the token is gone"}`}))
	sdktest.Each(t, func(t *testing.T, p authorizer.Protocol) {
		_, err := s.User(t, p).GetToken(t.Context(), nil)
		e := asError(t, err)
		if !errors.Is(err, authorizer.ErrUnauthenticated) || e.ServerCode != "invalid_grant" || e.Message != "the token is gone" || e.Protocol != authorizer.ProtocolREST || e.HTTPStatus != 401 {
			t.Errorf("got %#v", e)
		}
	})
}

// hang answers when the caller is gone.
func hang(started chan<- struct{}) sdktest.Handler {
	return func(r *sdktest.Request) *sdktest.Answer {
		select {
		case started <- struct{}{}:
		default:
		}
		return untilGone(r)
	}
}

// untilGone waits for the caller to go away. Over gRPC a server knows the
// caller's deadline and may be there first, so that it must not succeed then.
func untilGone(r *sdktest.Request) *sdktest.Answer {
	<-r.Context.Done()
	time.Sleep(100 * time.Millisecond)
	return sdktest.Fail(codes.DeadlineExceeded, "nobody waits any more")
}

func TestCancelAndDeadline(t *testing.T) {
	sdktest.Each(t, func(t *testing.T, p authorizer.Protocol) {
		s := sdktest.Start(t)
		started := make(chan struct{}, 1)
		s.On("meta", hang(started))
		c := s.User(t, p)

		ctx, cancel := context.WithCancelCause(t.Context())
		why := errors.New("the user went away")
		go func() { <-started; cancel(why) }()
		_, err := c.Meta(ctx)
		if e := asError(t, err); !errors.Is(err, context.Canceled) || !errors.Is(err, authorizer.ErrCanceled) || !errors.Is(err, why) || e.Method != "meta" {
			t.Errorf("cancelled: %#v", err)
		}

		short, stop := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer stop()
		_, err = c.Meta(short)
		if !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, authorizer.ErrDeadlineExceeded) {
			t.Errorf("deadline of the context: %v", err)
		}
		_, err = c.Meta(t.Context(), authorizer.WithTimeout(50*time.Millisecond))
		if !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, authorizer.ErrDeadlineExceeded) {
			t.Errorf("WithTimeout: %v", err)
		}

		s.Forget()
		gone, end := context.WithCancel(t.Context())
		end()
		_, err = c.Meta(gone)
		if !errors.Is(err, context.Canceled) || len(s.Calls("")) != 0 {
			t.Errorf("cancelled before: %v after %d calls", err, len(s.Calls("")))
		}
	})
}

// A deadline is one whether the caller's clock ran out first or the server's.
func TestDeadlineOfTheServer(t *testing.T) {
	sdktest.Each(t, func(t *testing.T, p authorizer.Protocol) {
		s := sdktest.Start(t)
		s.On("login", always(&sdktest.Answer{Status: 504, Code: codes.DeadlineExceeded, Message: "too slow"}))
		_, err := s.User(t, p).Login(t.Context(), nil)
		if !errors.Is(err, authorizer.ErrDeadlineExceeded) || !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	})
}

// What interceptors and sources of tokens fail with has the code that it would
// have if the call had failed so.
func TestCodesOfFailuresOnTheWay(t *testing.T) {
	refused := &url.Error{Op: "Post", URL: "http://tokens", Err: &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}}
	for _, test := range []struct {
		err         error
		code, token authorizer.Code // of an interceptor, of a source
	}{
		{fmt.Errorf("limiter: %w", context.Canceled), authorizer.CodeCanceled, authorizer.CodeCanceled},
		{fmt.Errorf("limiter: %w", context.DeadlineExceeded), authorizer.CodeDeadlineExceeded, authorizer.CodeDeadlineExceeded},
		{refused, authorizer.CodeUnavailable, authorizer.CodeUnavailable},
		{errors.New("sealed"), authorizer.CodeUnknown, authorizer.CodeUnauthenticated},
	} {
		sdktest.Each(t, func(t *testing.T, p authorizer.Protocol) {
			s := sdktest.Start(t)
			around := authorizer.WithInterceptor(func(context.Context, authorizer.CallInfo, func(context.Context) error) error { return test.err })
			_, err := s.User(t, p, authorizer.WithoutRetry(), around).Meta(t.Context())
			if asError(t, err).Code != test.code || !errors.Is(err, test.err) {
				t.Errorf("interceptor: got %v, want %s", err, test.code)
			}
			_, err = s.User(t, p, authorizer.WithoutRetry(), authorizer.WithTokenSource(failingSource{test.err})).Meta(t.Context())
			if asError(t, err).Code != test.token || !errors.Is(err, test.err) {
				t.Errorf("source of tokens: got %v, want %s", err, test.token)
			}
		})
	}
}

// closedPort is an address that refuses connections until the test ends. It is
// that of a connection's other end: a port that was listened on and closed could
// be given to the next one who asks.
func closedPort(t *testing.T) string {
	t.Helper()
	lis, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = lis.Close() })
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)}}
	conn, err := dialer.DialContext(t.Context(), "tcp", lis.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn.LocalAddr().String()
}

func TestConnectionRefused(t *testing.T) {
	sdktest.Each(t, func(t *testing.T, p authorizer.Protocol) {
		addr := closedPort(t)
		c := sdktest.NewUser(t, "http://"+addr, addr, p, sdktest.QuickRetry(2))
		var info authorizer.ResponseInfo
		res, err := c.Login(t.Context(), nil, authorizer.WithResponseInfo(&info))
		e := asError(t, err)
		if res != nil || !errors.Is(err, authorizer.ErrUnavailable) || errors.Unwrap(e) == nil || e.HTTPStatus != 0 {
			t.Errorf("got %v, %#v", res, e)
		}
		if p != authorizer.ProtocolGRPC && !errors.Is(err, syscall.ECONNREFUSED) {
			t.Errorf("the cause is lost: %v", err)
		}
		if info.Attempts != 2 || info.Protocol != p {
			t.Errorf("info: %+v", info)
		}
	})
}
