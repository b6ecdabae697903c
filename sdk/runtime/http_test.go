package runtime

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

func TestConnectionErrors(t *testing.T) {
	refused := httptest.NewServer(nil)
	refused.Close()
	reset := func(part string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			conn, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				return
			}
			_, _ = io.WriteString(conn, part)
			if tcp, ok := conn.(*net.TCPConn); ok {
				_ = tcp.SetLinger(0)
			}
			_ = conn.Close()
		}
	}
	half := "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"text\":\""
	for _, p := range httpProtocols() {
		_, err := ask(context.Background(), newTestClient(t, refused.URL), nil, WithProtocol(p))
		if !errors.Is(err, ErrUnavailable) || !errors.Is(err, syscall.ECONNREFUSED) || !strings.Contains(err.Error(), "connection refused") {
			t.Errorf("%s: refused: got %v", p, err)
		}
		_, err = ask(context.Background(), serve(t, reset("")), nil, WithProtocol(p))
		if !errors.Is(err, ErrUnavailable) || errors.Unwrap(err) == nil {
			t.Errorf("%s: reset: got %v", p, err)
		}
		_, err = ask(context.Background(), serve(t, reset(half)), nil, WithProtocol(p))
		if e := asError(t, err); e.Code != CodeUnavailable || e.HTTPStatus != 200 {
			t.Errorf("%s: reset in the body: got %v", p, err)
		}
	}
}

// The timeout of a caller's client is a deadline too.
func TestClientTimeout(t *testing.T) {
	slow := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(200)
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	}
	c := serve(t, slow, WithHTTPClient(&http.Client{Timeout: 30 * time.Millisecond}))
	for _, p := range httpProtocols() {
		_, err := ask(context.Background(), c, nil, WithProtocol(p))
		if !errors.Is(err, ErrDeadlineExceeded) || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: got %v", p, err)
		}
	}
}

func TestRedirects(t *testing.T) {
	var requests []seen
	other := httptest.NewServer(record(&requests))
	t.Cleanup(other.Close)
	cases := []struct {
		name     string
		status   int
		location string
		method   string
		want     string // of the message; "" means followed
	}{
		{"other host", 307, other.URL + "/x?token=" + canary, "POST", "redirects to another host, " + strings.Replace(other.URL, "localhost", "127.0.0.1", 1)},
		{"other host, permanent", 308, other.URL, "POST", "redirects to another host"},
		{"other host, found", 302, other.URL, "GET", "redirects to another host"},
		{"other scheme", 307, "https://HOST/x", "POST", "redirects to another host, https://HOST"},
		{"without scheme", 307, "//" + strings.TrimPrefix(other.URL, "http://"), "POST", "redirects to another host"},
		{"becomes GET", 302, "/elsewhere", "POST", "redirects a POST in a way that makes it a GET"},
		{"becomes GET, permanent", 301, "/elsewhere", "POST", "redirects a POST in a way that makes it a GET"},
		{"becomes GET, see other", 303, "/elsewhere", "POST", "redirects a POST in a way that makes it a GET"},
		{"within the server", 307, "/elsewhere", "POST", ""},
		{"within the server, permanent", 308, "http://HOST/elsewhere", "POST", ""},
		{"GET within the server", 302, "/elsewhere", "GET", ""},
		{"in a circle", 307, "/v1/ask", "POST", "redirects more than 10 times"},
	}
	for _, own := range []*http.Client{nil, {}} {
		for _, tc := range cases {
			t.Run(tc.name, func(t *testing.T) {
				bodies, asked := "", 0
				h := func(w http.ResponseWriter, r *http.Request) {
					asked++
					body, _ := io.ReadAll(r.Body)
					if r.URL.Path == "/elsewhere" {
						bodies += string(body) + r.Header.Get("X-Admin-Secret") + r.Method
						respond(200, "application/json", `{"text":"moved"}`)(w, r)
						return
					}
					w.Header().Set("Location", strings.ReplaceAll(tc.location, "HOST", r.Host))
					w.WriteHeader(tc.status)
				}
				opts := []Option{WithProtocol(ProtocolREST), WithSetting("admin_secret", canary), WithBearerToken(canary)}
				if own != nil {
					opts = append(opts, WithHTTPClient(own))
				}
				c := serve(t, h, opts...)
				b := bindingsAsk()
				b.REST = REST(encodeAsk, func(server string, in map[string]any) (*http.Request, error) {
					req, err := buildAsk(server, in)
					if tc.method == "GET" {
						req.Method, req.Body, req.ContentLength = "GET", nil, 0
					}
					return req, err
				}, fromWire)
				got, err := Invoke(context.Background(), c, methodAsk(), b, nil, nil)
				if tc.want == "" {
					body := map[string]string{"POST": `{"text":"hi"}`}[tc.method]
					if err != nil || got.Text != "moved" || bodies != body+canary+tc.method {
						t.Errorf("got %v, %v, %q", got, err, bodies)
					}
					return
				}
				if tc.name == "in a circle" && asked != maxRedirects {
					t.Errorf("asked %d times", asked)
				}
				want := strings.ReplaceAll(tc.want, "HOST", strings.TrimPrefix(c.core.base.text, "http://"))
				e := asError(t, err)
				if e.Code != CodeFailedPrecondition || !strings.Contains(e.Message, want) || e.HTTPStatus != tc.status {
					t.Errorf("got  %v (HTTP %d)\nwant %s", err, e.HTTPStatus, want)
				}
				for cause := err; cause != nil; cause = errors.Unwrap(cause) {
					if strings.Contains(cause.Error(), canary) {
						t.Errorf("the location is quoted: %v", cause)
					}
				}
			})
		}
	}
	if len(requests) != 0 {
		t.Errorf("%d requests reached the other host", len(requests))
	}
}

// A caller's own redirect policy can forbid more, not allow more.
func TestOwnRedirectPolicy(t *testing.T) {
	var asked int
	own := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { asked++; return errors.New("not even that") }}
	h := func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, r.Header.Get("X-To"), http.StatusTemporaryRedirect)
	}
	c := serve(t, h, WithHTTPClient(own))
	if _, err := ask(context.Background(), c, nil, WithHeader("X-To", "/elsewhere")); err == nil || !strings.Contains(err.Error(), "not even that") {
		t.Errorf("got %v", err)
	}
	if _, err := ask(context.Background(), c, nil, WithHeader("X-To", "http://example.com/")); err == nil || !strings.Contains(err.Error(), "another host") {
		t.Errorf("got %v", err)
	}
	if asked != 1 {
		t.Errorf("asked %d times, want 1", asked)
	}
}

func TestSite(t *testing.T) {
	for _, pair := range [][2]string{{"http://A.example.com/x", "http://a.example.com:80/y"}, {"https://[::1]", "https://[::1]:443"}} {
		one, _ := http.NewRequest("GET", pair[0], nil)
		two, _ := http.NewRequest("GET", pair[1], nil)
		if site(one.URL) != site(two.URL) {
			t.Errorf("%s and %s are different sites", pair[0], pair[1])
		}
	}
}

// A builder must not be able to send credentials elsewhere.
func TestBuilderIsHeldToItsServer(t *testing.T) {
	var requests []seen
	c := serve(t, record(&requests), WithProtocol(ProtocolREST))
	c = newTestClient(t, c.core.base.text+"/prefix", WithProtocol(ProtocolREST))
	errBuild := errors.New("no")
	cases := []struct {
		name  string
		build func(server string, in map[string]any) (*http.Request, error)
		path  string // "" means refused
	}{
		{"other host", func(string, map[string]any) (*http.Request, error) {
			return http.NewRequest("POST", "http://example.com/prefix/x", nil)
		}, ""},
		{"outside the prefix", func(s string, _ map[string]any) (*http.Request, error) {
			return http.NewRequest("POST", strings.TrimSuffix(s, "prefix/")+"x", nil)
		}, ""},
		{"double slash", func(s string, _ map[string]any) (*http.Request, error) {
			return http.NewRequest("POST", s+"/x//y", nil)
		}, "/prefix/x//y"},
		{"failing", func(string, map[string]any) (*http.Request, error) { return nil, errBuild }, ""},
	}
	for _, tc := range cases {
		requests = nil
		b := Bindings[askRequest, askAnswer]{REST: REST(encodeAsk, tc.build, fromWire)}
		_, err := Invoke(context.Background(), c, methodAsk(), b, nil, nil)
		if tc.name == "failing" && !errors.Is(err, errBuild) {
			t.Errorf("the builder's error cannot be reached: %v", err)
		}
		if tc.path == "" && (!errors.Is(err, ErrInternal) || len(requests) != 0) || tc.path != "" && (err != nil || requests[0].URL.Path != tc.path) {
			t.Errorf("%s: got %v, %d requests", tc.name, err, len(requests))
		}
	}
}

func TestConnectionsAreReused(t *testing.T) {
	for _, p := range httpProtocols() {
		conns := map[string]bool{}
		status := 200
		c := serve(t, func(w http.ResponseWriter, r *http.Request) {
			conns[r.RemoteAddr] = true
			respond(status, "application/json", `{"message":"m","text":"x","data":{"result":{"text":"x"}}}`)(w, r)
		}, WithProtocol(p))
		for _, status = range []int{200, 500, 200, 404, 200} {
			_, _ = ask(context.Background(), c, nil)
		}
		if len(conns) != 1 {
			t.Errorf("%s: %d connections for 5 calls", p, len(conns))
		}
	}
}

// Closing a client closes its connections, and leaves a caller's alone.
func TestCloseClosesConnections(t *testing.T) {
	for _, own := range []bool{true, false} {
		var open atomic.Int32
		srv := httptest.NewUnstartedServer(respond(200, "application/json", `{"data":{"result":{"text":"x"}}}`))
		srv.Config.ConnState = func(_ net.Conn, s http.ConnState) {
			switch s {
			case http.StateNew:
				open.Add(1)
			case http.StateClosed:
				open.Add(-1)
			}
		}
		srv.Start()
		t.Cleanup(srv.Close)
		var opts []Option
		if !own {
			opts = append(opts, WithHTTPClient(srv.Client()))
		}
		c := newTestClient(t, srv.URL, opts...)
		if _, err := ask(context.Background(), c, nil); err != nil || open.Load() != 1 {
			t.Fatalf("got %v, %d connections", err, open.Load())
		}
		_ = c.Close()
		for start := time.Now(); own && open.Load() > 0 && time.Since(start) < 5*time.Second; {
			time.Sleep(5 * time.Millisecond)
		}
		if n := open.Load(); own != (n == 0) {
			t.Errorf("own transport %t: %d connections are open", own, n)
		}
	}
}

// watched is a transport that tells which bodies were closed.
type watched struct{ open int }

type watchedBody struct {
	io.ReadCloser
	once func()
}

func (b watchedBody) Close() error { b.once(); return b.ReadCloser.Close() }

func (w *watched) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err == nil {
		w.open++
		resp.Body = watchedBody{resp.Body, func() { w.open-- }}
	}
	return resp, err
}

func TestBodiesAreClosed(t *testing.T) {
	for _, body := range []string{`{"text":"x"}`, "", strings.Repeat("x", 5000), "<html>"} {
		for _, status := range []int{200, 204, 500} {
			w := &watched{}
			c := serve(t, respond(status, "application/json", body), WithHTTPClient(&http.Client{Transport: w}), WithMaxResponseBytes(1000), WithProtocol(ProtocolREST))
			_, _ = ask(context.Background(), c, nil)
			if w.open != 0 {
				t.Errorf("HTTP %d with %d bytes: %d bodies were left open", status, len(body), w.open)
			}
		}
	}
}

func TestTLS(t *testing.T) {
	srv := httptest.NewTLSServer(respond(200, "application/json", `{"text":"x","data":{"result":{"text":"x"}}}`))
	t.Cleanup(srv.Close)
	srv.Config.ErrorLog = nil
	config := srv.Client().Transport.(*http.Transport).TLSClientConfig
	for _, p := range httpProtocols() {
		if _, err := ask(context.Background(), newTestClient(t, srv.URL, WithTLSConfig(config)), nil, WithProtocol(p)); err != nil {
			t.Errorf("%s: with the server's root: %v", p, err)
		}
		if _, err := ask(context.Background(), newTestClient(t, srv.URL, WithHTTPClient(srv.Client())), nil, WithProtocol(p)); err != nil {
			t.Errorf("%s: with the caller's client: %v", p, err)
		}
		if _, err := ask(context.Background(), newTestClient(t, srv.URL), nil, WithProtocol(p)); !errors.Is(err, ErrUnavailable) {
			t.Errorf("%s: with an unknown root: got %v", p, err)
		}
	}
}

// swallowing is a connection that somebody on the way has forgotten.
type swallowing struct {
	net.Conn
	silent atomic.Bool
}

func (s *swallowing) Write(b []byte) (int, error) {
	if s.silent.Load() {
		return len(b), nil
	}
	return s.Conn.Write(b)
}

// A connection of HTTP/2 from which nothing comes any more is not used for ever.
func TestForgottenConnection(t *testing.T) {
	srv := httptest.NewUnstartedServer(respond(200, "application/json", `{"text":"x","data":{"result":{"text":"x"}}}`))
	srv.EnableHTTP2 = true
	srv.StartTLS()
	t.Cleanup(srv.Close)
	config := srv.Client().Transport.(*http.Transport).TLSClientConfig
	for _, p := range httpProtocols() {
		c := newTestClient(t, srv.URL, WithProtocol(p), WithTLSConfig(config), WithoutRetry())
		transport := newTransport(config, 100*time.Millisecond)
		var conns []*swallowing
		transport.DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
			conn, err := new(net.Dialer).DialContext(ctx, network, addr)
			conns = append(conns, &swallowing{Conn: conn})
			return conns[len(conns)-1], err
		}
		c.core.http.Transport = transport
		if _, err := ask(t.Context(), c, nil); err != nil || !c.core.http2.Load() {
			t.Fatalf("%s: %v, over HTTP/2: %t", p, err, c.core.http2.Load())
		}
		conns[0].silent.Store(true)
		if _, err := ask(t.Context(), c, nil, WithTryTimeout(5*time.Second)); !errors.Is(err, ErrUnavailable) {
			t.Errorf("%s: over the forgotten connection: %v", p, err)
		}
		if _, err := ask(t.Context(), c, nil, WithTryTimeout(5*time.Second)); err != nil || len(conns) != 2 {
			t.Errorf("%s: after that: %v over connection %d", p, err, len(conns))
		}
	}
}

// A connection that a server makes one of another protocol ends with the call.
func TestSwitchedProtocol(t *testing.T) {
	left := make(chan bool, 1)
	c := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		_, _ = io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\n")
		_ = conn.SetReadDeadline(time.Now().Add(2 * time.Second))
		_, err = conn.Read(make([]byte, 1))
		left <- errors.Is(err, io.EOF)
		_ = conn.Close()
	})
	for _, p := range httpProtocols() {
		_, err := ask(t.Context(), c, nil, WithProtocol(p), WithTryTimeout(time.Minute))
		if e := asError(t, err); e.Code != CodeUnknown || e.HTTPStatus != 101 {
			t.Errorf("%s: got %v", p, err)
		}
		if !<-left {
			t.Errorf("%s: the connection was kept", p)
		}
	}
}
