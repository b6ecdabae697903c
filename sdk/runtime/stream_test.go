package runtime

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// tail iterates over a stream of answers.
func tail(ctx context.Context, c *Client, opts ...CallOption) (texts []string, errs []error) {
	m := &Method{Name: "tail", Service: "user", Protocols: []Protocol{ProtocolREST}, Idempotent: true}
	for got, err := range Stream(ctx, c, m, tailBindings(), nil, append(opts, WithProtocol(ProtocolREST))) {
		if err != nil {
			errs = append(errs, err)
			continue
		}
		texts = append(texts, got.Text)
	}
	return texts, errs
}

func tailBindings() Bindings[askRequest, Source[askAnswer]] {
	encode := func(*Encoder, *askRequest) Parts[struct{}] { return Parts[struct{}]{} }
	build := func(server, target string, _ *struct{}) (*http.Request, error) {
		return http.NewRequest(http.MethodGet, server+target, nil)
	}
	return Bindings[askRequest, Source[askAnswer]]{REST: RESTStream(`v1/tail`, encode, build, fromWire)}
}

func message(text string) string { return fmt.Sprintf(`{"result":{"text":%q}}`+"\n", text) }

// hold sends what there is and leaves the answer open.
func hold(w http.ResponseWriter, r *http.Request, part string) {
	w.Header().Set("Content-Type", jsonType)
	_, _ = io.WriteString(w, part)
	_ = http.NewResponseController(w).Flush()
	<-r.Context().Done()
}

// cut ends the connection in the middle of an answer in chunks.
func cut(w http.ResponseWriter, part string, linger int) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	_, _ = fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s", len(part)+1, part)
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(linger)
	}
	_ = conn.Close()
}

// A stream that does not go as it should ends with one error that says why,
// after the messages that came.
func TestStreamFaults(t *testing.T) {
	long := strings.Repeat("x", 700)
	for _, tc := range []struct {
		name  string
		h     http.HandlerFunc
		texts []string
		code  Code // CodeOK: the stream ends well
		says  string
	}{
		{"ends well", respond(200, jsonType, message("one")+message("two")), []string{"one", "two"}, CodeOK, ""},
		{"is empty", respond(200, jsonType, ""), nil, CodeOK, ""},
		{"is blank", respond(200, jsonType, " \n\n "), nil, CodeOK, ""},
		{"without line breaks", respond(200, jsonType, `{"result":{"text":"one"}}{"result":{"text":"two"}}`), []string{"one", "two"}, CodeOK, ""},
		{"more than the limit in all", respond(200, jsonType, strings.Repeat(message(long), 20)), slices.Repeat([]string{long}, 20), CodeOK, ""},
		{"one message above the limit", respond(200, jsonType, message("one")+message(strings.Repeat("x", 5000))), []string{"one"}, CodeResourceExhausted, "WithMaxResponseBytes"},
		{"an endless message", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", jsonType)
			_, _ = io.WriteString(w, message("one")+`{"result":{"text":"`)
			for r.Context().Err() == nil {
				if _, err := io.WriteString(w, long); err != nil {
					return
				}
			}
		}, []string{"one"}, CodeResourceExhausted, "1024"},
		{"HTML", respond(200, "text/html", "<html>"), nil, CodeInternal, "not JSON"},
		{"HTML later", respond(200, jsonType, message("one")+"<html>"), []string{"one"}, CodeInternal, "not JSON"},
		{"null", respond(200, jsonType, message("one")+"null"), []string{"one"}, CodeInternal, "neither result nor error"},
		{"a list", respond(200, jsonType, "[]"), nil, CodeInternal, "array"},
		{"a result that is null", respond(200, jsonType, `{"result":null}`), nil, CodeInternal, "is null"},
		{"a result that does not fit", respond(200, jsonType, `{"result":{"text":7}}`), nil, CodeInternal, "text"},
		{"truncated", respond(200, jsonType, message("one")+`{"result":{"te`), []string{"one"}, CodeInternal, "truncated"},
		{"an error at the end", respond(200, jsonType, message("one")+`{"error":{"code":5,"message":"no more"}}`), []string{"one"}, CodeNotFound, "no more"},
		{"an error, and messages after it", respond(200, jsonType, `{"error":{"code":5,"message":"no"}}`+message("late")), nil, CodeNotFound, "no"},
		{"an error that is a text", respond(200, jsonType, `{"error":"it broke"}`), nil, CodeUnknown, "it broke"},
		{"refused", respond(403, jsonType, `{"code":7,"message":"not yours"}`), nil, CodePermissionDenied, "not yours"},
		{"closed without an end", func(w http.ResponseWriter, _ *http.Request) { cut(w, message("one"), -1) }, []string{"one"}, CodeInternal, "truncated"},
		{"reset", func(w http.ResponseWriter, _ *http.Request) { cut(w, "", 0) }, nil, CodeUnavailable, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			texts, errs := tail(t.Context(), serve(t, tc.h, WithMaxResponseBytes(1024)), WithoutRetry())
			if !slices.Equal(texts, tc.texts) {
				t.Errorf("messages: got %d %.80q, want %d", len(texts), texts, len(tc.texts))
			}
			if tc.code == CodeOK {
				if len(errs) != 0 {
					t.Errorf("got %v", errs)
				}
				return
			}
			if len(errs) != 1 {
				t.Fatalf("got %d errors: %v", len(errs), errs)
			}
			if e := asError(t, errs[0]); e.Code != tc.code || !strings.Contains(e.Error(), tc.says) {
				t.Errorf("got %v (%v), want %v with %q", e, e.Code, tc.code, tc.says)
			}
		})
	}
}

// A stream hangs no longer than its caller wants it to.
func TestStreamsThatHang(t *testing.T) {
	for _, sent := range []string{"", message("one"), message("one") + `{"result":`} {
		c := serve(t, func(w http.ResponseWriter, r *http.Request) { hold(w, r, sent) })
		ctx, cancel := context.WithTimeoutCause(t.Context(), 30*time.Millisecond, errors.New("the caller's reason"))
		defer cancel()
		texts, errs := tail(ctx, c)
		if len(errs) != 1 || !errors.Is(errs[0], context.DeadlineExceeded) || !errors.Is(errs[0], ErrDeadlineExceeded) {
			t.Errorf("after %q: got %q, %v", sent, texts, errs)
		}
		_, errs = tail(t.Context(), c, WithTimeout(30*time.Millisecond))
		if len(errs) != 1 || !errors.Is(errs[0], ErrDeadlineExceeded) {
			t.Errorf("after %q, with a timeout: got %v", sent, errs)
		}
	}
}

// However a stream is left, nothing stays: no goroutine, no connection in use.
func TestStreamsLeaveNothingBehind(t *testing.T) {
	var open atomic.Int32
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		open.Add(1)
		defer open.Add(-1)
		hold(w, r, message("one")+message("two"))
	}))
	defer srv.Close()
	c := newTestClient(t, srv.URL)
	before := runtime.NumGoroutine()
	m := &Method{Name: "tail", Service: "user", Protocols: []Protocol{ProtocolREST}}
	seq := Stream(t.Context(), c, m, tailBindings(), nil, []CallOption{WithProtocol(ProtocolREST)})
	var group sync.WaitGroup
	for i := range 20 { // the same stream, from many places at once
		group.Go(func() {
			defer func() { _ = recover() }()
			for range seq {
				if i%2 == 0 {
					panic("the caller's")
				}
				break
			}
		})
	}
	group.Wait()
	c.core.http.CloseIdleConnections()
	for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		left := runtime.NumGoroutine() - before
		if open.Load() == 0 && left <= 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d answers are still open, and %d goroutines are left", open.Load(), left)
		}
	}
}

// A call that is sent again lets go of the answer that it gave up, even while
// the stream goes on.
func TestStreamSentAgain(t *testing.T) {
	var calls atomic.Int32
	gone := make(chan struct{})
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if calls.Add(1) == 1 {
			hold(w, r, `{"error":{"code":14,"message":"try again"}}`)
			close(gone)
			return
		}
		hold(w, r, message("one"))
	}, WithRetry(RetryPolicy{MaxAttempts: 2, BaseDelay: time.Microsecond}))
	m := &Method{Name: "tail", Service: "user", Protocols: []Protocol{ProtocolREST}, Idempotent: true}
	for got, err := range Stream(t.Context(), c, m, tailBindings(), nil, []CallOption{WithProtocol(ProtocolREST)}) {
		if err != nil || got.Text != "one" {
			t.Fatalf("got %v, %v", got, err)
		}
		select {
		case <-gone:
		case <-time.After(5 * time.Second):
			t.Error("the first answer is still open")
		}
		break
	}
}
