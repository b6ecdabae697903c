package authorizerserver_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/metadata"
	reflectionpb "google.golang.org/grpc/reflection/grpc_reflection_v1"
	"google.golang.org/grpc/status"

	authorizerv1 "github.com/triwire/authorizer-sdk/gen/authorizer/v1"
	authorizer "github.com/triwire/authorizer-sdk/sdk"
	"github.com/triwire/authorizer-sdk/sdk/internal/sdktest"
	"github.com/triwire/authorizer-sdk/sdk/runtime/serve"
	authorizerserver "github.com/triwire/authorizer-sdk/sdk/server"
)

// profiles answers one method with a function.
type profiles struct {
	authorizerserver.UnimplementedUserServer
	profile func(context.Context, *serve.Request) (*authorizer.User, error)
}

func (p *profiles) Profile(ctx context.Context) (*authorizer.User, error) {
	return p.profile(ctx, serve.FromContext(ctx))
}

// TestErrors: an error arrives with the same code and message over every protocol.
func TestErrors(t *testing.T) {
	var fail error
	srv := start(t, authorizerserver.Services{User: &profiles{profile: func(context.Context, *serve.Request) (*authorizer.User, error) { return nil, fail }}})
	engine := serve.Errorf(authorizer.CodeInternal, "engine trouble")
	engine.ServerCode = "2017"
	cases := []struct {
		name string
		err  error
		code authorizer.Code
		text string
	}{
		{"a code", serve.Errorf(authorizer.CodeUnauthenticated, "unauthorized"), authorizer.CodeUnauthenticated, "unauthorized"},
		{"another", serve.Errorf(authorizer.CodeFailedPrecondition, "email service not enabled"), authorizer.CodeFailedPrecondition, "email service not enabled"},
		{"any error is internal", errors.New("User not found"), authorizer.CodeInternal, "User not found"},
		{"wrapped", errors.Join(errors.New("x"), serve.Errorf(authorizer.CodePermissionDenied, "authorization check failed")), authorizer.CodePermissionDenied, "authorization check failed"},
	}
	sdktest.Each(t, func(t *testing.T, p authorizer.Protocol) {
		for _, tc := range cases {
			fail = tc.err
			_, err := srv.user(t, p).Profile(t.Context())
			var e *authorizer.Error
			if !errors.As(err, &e) || e.Code != tc.code || e.Message != tc.text {
				t.Errorf("%s: got %v, want %s: %s", tc.name, err, tc.code, tc.text)
			}
		}
		if p == authorizer.ProtocolGraphQL {
			return // which has no code for a message that it does not know
		}
		fail = engine
		_, err := srv.user(t, p).Profile(t.Context())
		var e *authorizer.Error
		word := map[authorizer.Protocol]string{authorizer.ProtocolREST: "internal", authorizer.ProtocolGRPC: "2017"}[p]
		if !errors.As(err, &e) || e.Code != authorizer.CodeInternal || e.ServerCode != word {
			t.Errorf("a number that is not canonical: got %v with %q, want %q", err, e.ServerCode, word)
		}
	})
}

// TestStatuses: the HTTP status of every code is one that clients read back.
func TestStatuses(t *testing.T) {
	var fail error
	srv := start(t, authorizerserver.Services{User: &profiles{profile: func(context.Context, *serve.Request) (*authorizer.User, error) { return nil, fail }}})
	want := []int{0, 499, 500, 400, 504, 404, 409, 403, 429, 400, 409, 400, 501, 500, 503, 500, 401}
	for code := authorizer.CodeCanceled; code <= authorizer.CodeUnauthenticated; code++ {
		fail = serve.Errorf(code, "%s", code)
		res, body := send(t, "GET", srv.url+"/v1/profile", "", "")
		if res.StatusCode != want[code] || body != `{"code":"`+code.String()+`","message":"`+code.String()+`"}` {
			t.Errorf("%s: got %d %s, want %d", code, res.StatusCode, body, want[code])
		}
	}
}

// TestRequestFacts: what a method can know of its call, and what it can set.
func TestRequestFacts(t *testing.T) {
	var seen *serve.Request
	srv := start(t, authorizerserver.Services{User: &profiles{profile: func(_ context.Context, r *serve.Request) (*authorizer.User, error) {
		seen = r
		r.SetCookie(&http.Cookie{Name: "s", Value: "1", HttpOnly: true})
		r.SetCookie(&http.Cookie{Name: "s2", Value: "2"})
		r.SetHeader("X-Mine", "a")
		r.SetHeader("X-Mine", "b")
		if _, fails := r.Cookie("fail"); fails {
			return nil, serve.Errorf(authorizer.CodeUnauthenticated, "unauthorized")
		}
		return &authorizer.User{}, nil
	}}})
	sdktest.Each(t, func(t *testing.T, p authorizer.Protocol) {
		for _, cookie := range []string{"c", "fail"} {
			var info authorizer.ResponseInfo
			_, err := srv.user(t, p, authorizer.WithBearerToken("token"), authorizer.WithCookie(cookie, "v")).Profile(t.Context(), authorizer.WithResponseInfo(&info))
			if (err != nil) != (cookie == "fail") {
				t.Fatal(err)
			}
			value, ok := seen.Cookie(cookie)
			if seen.Protocol != p || seen.Method != "profile" || seen.Service != "user" || value != "v" || !ok || seen.Header.Get("Authorization") != "Bearer token" ||
				!strings.HasPrefix(seen.RemoteAddr, "127.0.0.1:") || !strings.HasPrefix(seen.Host, "127.0.0.1:") || (seen.HTTP == nil) != (p == authorizer.ProtocolGRPC) {
				t.Errorf("the method saw %+v", seen)
			}
			if _, none := seen.Cookie("other"); none {
				t.Error("a cookie that is not there was found")
			}
			var names []string
			for _, c := range info.Cookies() {
				names = append(names, c.Name+"="+c.Value)
			}
			if !slices.Equal(names, []string{"s=1", "s2=2"}) || strings.Join(info.Header.Values("X-Mine"), ",") != "b" {
				t.Errorf("the answer has cookies %q and headers %q", names, info.Header.Values("X-Mine"))
			}
		}
	})
	if serve.FromContext(context.Background()) != nil {
		t.Error("there is a request outside of a call")
	}
}

// TestInterceptors: the same order on every protocol, and they can answer.
func TestInterceptors(t *testing.T) {
	var steps []string
	note := func(name string) serve.Interceptor {
		return func(ctx context.Context, r *serve.Request, next func(context.Context) error) error {
			steps = append(steps, name+" in")
			err := next(ctx)
			steps = append(steps, name+" out")
			if user, ok := r.Answer.(*authorizer.User); ok && name == "b" {
				r.Answer = &authorizer.User{ID: user.ID + "!"}
			}
			return err
		}
	}
	wrong := false
	last := func(ctx context.Context, r *serve.Request, next func(context.Context) error) error {
		if wrong {
			r.Answer = "no user"
			return nil
		}
		return next(ctx)
	}
	srv := start(t, authorizerserver.Services{User: &profiles{profile: func(context.Context, *serve.Request) (*authorizer.User, error) {
		steps = append(steps, "method")
		return &authorizer.User{ID: "1"}, nil
	}}}, serve.WithInterceptor(note("a"), note("b")), serve.WithInterceptor(last))
	sdktest.Each(t, func(t *testing.T, p authorizer.Protocol) {
		steps, wrong = nil, false
		user, err := srv.user(t, p).Profile(t.Context())
		if err != nil || user.ID != "1!" || strings.Join(steps, ",") != "a in,b in,method,b out,a out" {
			t.Errorf("got %v, %v after %q", user, err, steps)
		}
		wrong = true
		if _, err := srv.user(t, p).Profile(t.Context()); err == nil || !strings.Contains(err.Error(), "method profile was answered with a string") {
			t.Errorf("an answer of another type: %v", err)
		}
	})
}

// TestBrokenImplementations: panics and missing answers are internal errors, and
// the panic's value, which may be a secret, is not logged.
func TestBrokenImplementations(t *testing.T) {
	var log bytes.Buffer
	panics := true
	srv := start(t, authorizerserver.Services{User: &profiles{profile: func(context.Context, *serve.Request) (*authorizer.User, error) {
		if panics {
			panic("the secret")
		}
		return nil, nil
	}}}, serve.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
	for _, p := range []authorizer.Protocol{authorizer.ProtocolREST, authorizer.ProtocolGRPC} {
		panics = true
		if _, err := srv.user(t, p).Profile(t.Context()); !errors.Is(err, authorizer.ErrInternal) || strings.Contains(err.Error(), "secret") {
			t.Errorf("a panic: %v", err)
		}
		panics = false
		if _, err := srv.user(t, p).Profile(t.Context()); !errors.Is(err, authorizer.ErrInternal) || !strings.Contains(err.Error(), "neither an answer nor an error") {
			t.Errorf("no answer: %v", err)
		}
	}
	if !strings.Contains(log.String(), "method=profile") || strings.Contains(log.String(), "the secret") {
		t.Errorf("the log has:\n%s", log.String())
	}
}

func dial(t *testing.T, addr string) *grpc.ClientConn {
	t.Helper()
	conn, err := grpc.NewClient(addr, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// TestGRPCServices: health, reflection, methods and services that are not there,
// and the limit of requests.
func TestGRPCServices(t *testing.T) {
	srv := start(t, authorizerserver.Services{User: &users{}}, serve.WithMaxRequestBytes(1000))
	conn := dial(t, srv.grpcAddr)
	for _, service := range []string{"", "authorizer.v1.AuthorizerService", "authorizer.v1.AuthorizerAdminService"} {
		res, err := healthpb.NewHealthClient(conn).Check(t.Context(), &healthpb.HealthCheckRequest{Service: service})
		if err != nil || res.GetStatus() != healthpb.HealthCheckResponse_SERVING {
			t.Errorf("health of %q: %v, %v", service, res, err)
		}
	}
	stream, err := reflectionpb.NewServerReflectionClient(conn).ServerReflectionInfo(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ask := func(q *reflectionpb.ServerReflectionRequest) *reflectionpb.ServerReflectionResponse {
		if err := stream.Send(q); err != nil {
			t.Fatal(err)
		}
		res, err := stream.Recv()
		if err != nil {
			t.Fatal(err)
		}
		return res
	}
	var names []string
	for _, s := range ask(&reflectionpb.ServerReflectionRequest{MessageRequest: &reflectionpb.ServerReflectionRequest_ListServices{}}).GetListServicesResponse().GetService() {
		names = append(names, s.GetName())
	}
	if !slices.Contains(names, "authorizer.v1.AuthorizerService") || !slices.Contains(names, "authorizer.v1.AuthorizerAdminService") {
		t.Errorf("reflection lists %q", names)
	}
	files := ask(&reflectionpb.ServerReflectionRequest{MessageRequest: &reflectionpb.ServerReflectionRequest_FileContainingSymbol{FileContainingSymbol: "authorizer.v1.AuthorizerService.Signup"}})
	if len(files.GetFileDescriptorResponse().GetFileDescriptorProto()) == 0 {
		t.Errorf("reflection does not know a method: %v", files)
	}
	if err := stream.CloseSend(); err != nil {
		t.Error(err)
	}
	client := authorizerv1.NewAuthorizerServiceClient(conn)
	if _, err := client.Meta(t.Context(), &authorizerv1.MetaRequest{}); status.Code(err) != codes.Unimplemented {
		t.Errorf("a method that is not implemented: %v", err)
	}
	if _, err := client.Login(t.Context(), &authorizerv1.LoginRequest{Password: strings.Repeat("x", 1000)}); status.Code(err) != codes.ResourceExhausted {
		t.Errorf("a large request: %v", err)
	}
	var header metadata.MD
	if _, err := client.Login(t.Context(), &authorizerv1.LoginRequest{Password: "right"}, grpc.Header(&header)); err != nil {
		t.Error(err)
	}
}

// TestGracefulStop: calls that are under way end, new ones are refused, and what
// does not end in time is cut off.
func TestGracefulStop(t *testing.T) {
	sdktest.NoLeaks(t)
	for _, patient := range []bool{true, false} {
		entered, release := make(chan struct{}, 3), make(chan struct{})
		grace := 10 * time.Second
		if !patient {
			grace = 50 * time.Millisecond
		}
		implementation := &profiles{profile: func(ctx context.Context, _ *serve.Request) (*authorizer.User, error) {
			entered <- struct{}{}
			select {
			case <-release:
			case <-ctx.Done():
			}
			return &authorizer.User{ID: "1"}, nil
		}}
		server, err := authorizerserver.New(authorizerserver.Services{User: implementation}, serve.WithGracePeriod(grace))
		if err != nil {
			t.Fatal(err)
		}
		overHTTP, overGRPC := listen(t), listen(t)
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- server.Serve(ctx, overHTTP, overGRPC) }()
		srv := running{"http://" + overHTTP.Addr().String(), overGRPC.Addr().String()}
		var calls sync.WaitGroup
		var mu sync.Mutex
		failed := 0
		for _, p := range sdktest.Protocols() {
			client := srv.user(t, p)
			calls.Go(func() {
				if _, err := client.Profile(t.Context()); err != nil {
					mu.Lock()
					failed++
					mu.Unlock()
				}
			})
		}
		for range 3 {
			<-entered
		}
		stop()
		if patient {
			close(release)
		}
		calls.Wait()
		err = <-ended
		if patient && (err != nil || failed != 0) || !patient && (err == nil || failed != 3) {
			t.Errorf("patient %t: the server ended with %v, %d calls failed", patient, err, failed)
		}
	}
}

// TestConcurrentCalls is for the race detector.
func TestConcurrentCalls(t *testing.T) {
	srv := start(t, authorizerserver.Services{User: &profiles{profile: func(_ context.Context, r *serve.Request) (*authorizer.User, error) {
		id, _ := r.Cookie("id")
		r.SetHeader("X-Id", id)
		return &authorizer.User{ID: id}, nil
	}}})
	var all sync.WaitGroup
	for _, p := range sdktest.Protocols() {
		client := srv.user(t, p)
		for i := range 20 {
			all.Go(func() {
				id := string(p) + string(rune('a'+i))
				var info authorizer.ResponseInfo
				user, err := client.Profile(t.Context(), authorizer.WithCookie("id", id), authorizer.WithResponseInfo(&info))
				if err != nil || user.ID != id || info.Header.Get("X-Id") != id {
					t.Errorf("got %v and %q, %v, want %s", user, info.Header.Get("X-Id"), err, id)
				}
			})
		}
	}
	all.Wait()
}
