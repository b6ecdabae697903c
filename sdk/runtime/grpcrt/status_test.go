package grpcrt_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"syscall"
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/triwire/authorizer-sdk/sdk/runtime"
)

// failing answers with a status.
func failing(st *status.Status) handler {
	return func(context.Context, *structpb.Struct) (*structpb.Struct, error) { return nil, st.Err() }
}

func TestStatus(t *testing.T) {
	detailed, err := status.New(codes.InvalidArgument, "m").WithDetails(&errdetails.RequestInfo{RequestId: "x"},
		&errdetails.BadRequest{FieldViolations: []*errdetails.BadRequest_FieldViolation{{Field: "a.b", Description: "d"}}})
	if err != nil {
		t.Fatal(err)
	}
	type testCase struct {
		name string
		st   *status.Status
		want runtime.Error
	}
	cases := []testCase{
		{"not canonical", status.New(2017, "m"), runtime.Error{Code: runtime.CodeInternal, Message: "m", ServerCode: "2017"}},
		{"violations", detailed, runtime.Error{Code: runtime.CodeInvalidArgument, Message: "m", Violations: []runtime.FieldViolation{{Field: "a.b", Description: "d"}}}},
		{"quoted secret", status.New(codes.Internal, "bad "+canary), runtime.Error{Code: runtime.CodeInternal, Message: "bad [redacted]"}},
	}
	for c := runtime.CodeCanceled; c <= runtime.CodeUnauthenticated; c++ {
		cases = append(cases, testCase{c.String(), status.New(codes.Code(c), "m"), runtime.Error{Code: c, Message: "m"}})
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			a := serve(t, failing(tc.st))
			c := newClient(t, "http://localhost", a.addr, runtime.WithBearerToken(canary))
			got, err := ask(context.Background(), c, nil)
			e := asError(t, err)
			tc.want.Method, tc.want.Protocol = "ask", runtime.ProtocolGRPC
			if got != nil || e.Code != tc.want.Code || e.Message != tc.want.Message || e.ServerCode != tc.want.ServerCode ||
				!reflect.DeepEqual(e.Violations, tc.want.Violations) || e.Method != "ask" || e.Protocol != runtime.ProtocolGRPC || e.HTTPStatus != 0 {
				t.Errorf("got  %v, %#v\nwant %#v", got, e, tc.want)
			}
			if st, ok := status.FromError(err); !ok || st.Code() != tc.st.Code() {
				t.Errorf("the status cannot be reached: %v", st)
			}
		})
	}
}

func TestContextErrors(t *testing.T) {
	hanging := func(ctx context.Context, _ *structpb.Struct) (*structpb.Struct, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	a := serve(t, hanging)
	c := newClient(t, "http://localhost", a.addr)
	_, err := ask(context.Background(), c, nil, runtime.WithTimeout(30*time.Millisecond))
	if !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, runtime.ErrDeadlineExceeded) {
		t.Errorf("timeout: got %v", err)
	}
	cause := errors.New("the user went away")
	ctx, cancel := context.WithCancelCause(context.Background())
	time.AfterFunc(30*time.Millisecond, func() { cancel(cause) })
	_, err = ask(ctx, c, nil)
	if !errors.Is(err, context.Canceled) || !errors.Is(err, runtime.ErrCanceled) || !errors.Is(err, cause) {
		t.Errorf("cancel: got %v", err)
	}
	a = serve(t, failing(status.New(codes.DeadlineExceeded, "m")))
	if _, err = ask(context.Background(), newClient(t, "http://localhost", a.addr), nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the server's deadline: got %v", err)
	}
}

func TestConnectionErrors(t *testing.T) {
	lis, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := lis.Addr().String()
	_ = lis.Close()
	_, err = ask(context.Background(), newClient(t, "http://localhost", addr), nil)
	if !errors.Is(err, runtime.ErrUnavailable) || !strings.Contains(err.Error(), "connection refused") || errors.Unwrap(err) == nil {
		t.Errorf("refused: got %v", err)
	}
	if strings.Contains(err.Error(), "WithGRPCEndpoint") {
		t.Errorf("refused where the endpoint was set: got %v", err)
	}
	var srv *grpc.Server
	reset := grpc.UnknownServiceHandler(func(any, grpc.ServerStream) error { go srv.Stop(); time.Sleep(time.Second); return nil })
	srv = grpc.NewServer(reset)
	lis, err = net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = srv.Serve(lis) }()
	if _, err = ask(context.Background(), newClient(t, "http://localhost", lis.Addr().String()), nil); !errors.Is(err, runtime.ErrUnavailable) {
		t.Errorf("reset: got %v", err)
	}
}

// Where nobody set the endpoint, the error of a connection that is refused says
// how to.
func TestDerivedEndpoint(t *testing.T) {
	lis, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := lis.Addr().(*net.TCPAddr).Port
	_ = lis.Close()
	api := testAPI()
	api.GRPCPort = port
	c, err := runtime.NewClient(api, "http://127.0.0.1:1", nil, runtime.WithProtocol(runtime.ProtocolGRPC))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	_, err = ask(context.Background(), c, nil)
	if !errors.Is(err, runtime.ErrUnavailable) || !errors.Is(err, syscall.ECONNREFUSED) || !strings.HasSuffix(err.Error(), "WithGRPCEndpoint sets another") {
		t.Errorf("got %v", err)
	}
}

// A web server on the gRPC port is an error that does not quote its page.
func TestNotGRPC(t *testing.T) {
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusBadGateway)
		_, _ = io.WriteString(w, "<html>"+canary+"</html>")
	}))
	srv.EnableHTTP2 = true
	srv.StartTLS()
	t.Cleanup(srv.Close)
	_, err := ask(context.Background(), newClient(t, srv.URL, srv.Listener.Addr().String(), trustOption(srv)), nil)
	e := asError(t, err)
	if e.Code != runtime.CodeUnavailable || strings.Contains(e.Error(), "html>") || strings.Contains(e.Error(), canary) {
		t.Errorf("got %v", err)
	}
}

func TestSizeLimit(t *testing.T) {
	a := serve(t, echo)
	text := &askRequest{Text: strings.Repeat("x", 1000)}
	if _, err := ask(context.Background(), newClient(t, "http://localhost", a.addr, runtime.WithMaxResponseBytes(2000)), text); err != nil {
		t.Errorf("below the limit: %v", err)
	}
	_, err := ask(context.Background(), newClient(t, "http://localhost", a.addr, runtime.WithMaxResponseBytes(999)), text)
	if e := asError(t, err); e.Code != runtime.CodeResourceExhausted || !strings.Contains(e.Message, "999") {
		t.Errorf("above the limit: got %v", err)
	}
	if _, err = ask(context.Background(), newClient(t, "http://localhost", a.addr, runtime.WithMaxResponseBytes(1<<62)), text); err != nil {
		t.Errorf("largest limit: %v", err)
	}
}

// A frame that is not the message is an error, and so is a message without a
// result.
func TestBrokenAnswers(t *testing.T) {
	a := serve(t, func(context.Context, *structpb.Struct) (*structpb.Struct, error) { return &structpb.Struct{}, nil })
	got, err := ask(context.Background(), newClient(t, "http://localhost", a.addr), nil)
	if e := asError(t, err); got != nil || e.Code != runtime.CodeInternal || e.Message != "the answer has no result" {
		t.Errorf("got %v, %v", got, err)
	}
	a = serve(t, echo, grpc.ForceServerCodec(garbage{}))
	got, err = ask(context.Background(), newClient(t, "http://localhost", a.addr), nil)
	if e := asError(t, err); got != nil || e.Code != runtime.CodeInternal {
		t.Errorf("got %v, %v", got, err)
	}
}

// garbage writes what no message is.
type garbage struct{}

func (garbage) Marshal(any) ([]byte, error) { return []byte{0xff, 0xff, 0xff}, nil }
func (garbage) Unmarshal([]byte, any) error { return nil }
func (garbage) Name() string                { return "proto" }
