package grpcrt_test

import (
	"context"
	"errors"
	"iter"
	goruntime "runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/triwire/authorizer-sdk/sdk/runtime"
)

// tailServer answers with a stream.
func tailServer(t *testing.T, h func(out grpc.ServerStream) error) *asker {
	t.Helper()
	return serve(t, echo, grpc.UnknownServiceHandler(func(_ any, out grpc.ServerStream) error {
		if err := out.RecvMsg(new(structpb.Struct)); err != nil {
			return err
		}
		return h(out)
	}))
}

func tail(ctx context.Context, c *runtime.Client, opts ...runtime.CallOption) iter.Seq2[*askAnswer, error] {
	m := &runtime.Method{Name: "tail", Service: "user", Protocols: []runtime.Protocol{runtime.ProtocolGRPC}, Idempotent: true}
	return runtime.Stream(ctx, c, m, runtime.Bindings[askRequest, runtime.Source[askAnswer]]{}, nil, opts)
}

func collect(seq iter.Seq2[*askAnswer, error]) (texts []string, errs []error) {
	for got, err := range seq {
		if err != nil {
			errs = append(errs, err)
			continue
		}
		texts = append(texts, got.Text)
	}
	return texts, errs
}

func send(t *testing.T, out grpc.ServerStream, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if err := out.SendMsg(&structpb.Struct{Fields: map[string]*structpb.Value{"text": structpb.NewStringValue(text)}}); err != nil {
			return // who receives has left
		}
	}
}

// A stream that does not go as it should ends with one error that says why,
// after the messages that came.
func TestStreamFaults(t *testing.T) {
	for _, tc := range []struct {
		name  string
		h     func(out grpc.ServerStream) error
		texts []string
		code  runtime.Code // CodeOK: the stream ends well
		says  string
	}{
		{"ends well", func(out grpc.ServerStream) error { send(t, out, "one", "two"); return nil }, []string{"one", "two"}, runtime.CodeOK, ""},
		{"is empty", func(grpc.ServerStream) error { return nil }, nil, runtime.CodeOK, ""},
		{"an error at once", func(grpc.ServerStream) error { return status.Error(codes.NotFound, "no") }, nil, runtime.CodeNotFound, "no"},
		{"an error at the end", func(out grpc.ServerStream) error {
			send(t, out, "one")
			return status.Error(codes.DataLoss, "no more")
		}, []string{"one"}, runtime.CodeDataLoss, "no more"},
		{"a message above the limit", func(out grpc.ServerStream) error {
			send(t, out, "one", strings.Repeat("x", 5000), "late")
			return nil
		}, []string{"one"}, runtime.CodeResourceExhausted, ""},
		{"more than the limit in all", func(out grpc.ServerStream) error {
			send(t, out, slices.Repeat([]string{strings.Repeat("x", 700)}, 20)...)
			return nil
		}, slices.Repeat([]string{strings.Repeat("x", 700)}, 20), runtime.CodeOK, ""},
		{"a message that cannot be decoded", func(out grpc.ServerStream) error {
			send(t, out, "one")
			return out.SendMsg(structpb.NewStringValue("\x80"))
		}, []string{"one"}, runtime.CodeInternal, ""},
		{"a message without a result", func(out grpc.ServerStream) error {
			send(t, out, "one")
			return out.SendMsg(new(structpb.Struct))
		}, []string{"one"}, runtime.CodeInternal, "no result"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := newClient(t, "http://localhost", tailServer(t, tc.h).addr, runtime.WithMaxResponseBytes(1024))
			texts, errs := collect(tail(t.Context(), c, runtime.WithoutRetry()))
			if !slices.Equal(texts, tc.texts) {
				t.Errorf("messages: got %d %.80q, want %d", len(texts), texts, len(tc.texts))
			}
			if tc.code == runtime.CodeOK {
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

// A stream hangs no longer than its caller wants it to, and closing the client
// ends it.
func TestStreamsThatHang(t *testing.T) {
	for _, sent := range [][]string{nil, {"one"}} {
		a := tailServer(t, func(out grpc.ServerStream) error {
			send(t, out, sent...)
			<-out.Context().Done() // the server is told of the deadline, and may be the first to see it
			return status.FromContextError(out.Context().Err()).Err()
		})
		c := newClient(t, "http://localhost", a.addr)
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
		defer cancel()
		texts, errs := collect(tail(ctx, c))
		if !slices.Equal(texts, sent) || len(errs) != 1 || !errors.Is(errs[0], context.DeadlineExceeded) || !errors.Is(errs[0], runtime.ErrDeadlineExceeded) {
			t.Errorf("after %q: got %q, %v", sent, texts, errs)
		}
		if _, errs = collect(tail(t.Context(), c, runtime.WithTimeout(30*time.Millisecond))); len(errs) != 1 || !errors.Is(errs[0], runtime.ErrDeadlineExceeded) {
			t.Errorf("after %q, with a timeout: got %v", sent, errs)
		}
		time.AfterFunc(30*time.Millisecond, func() { _ = c.Close() })
		if _, errs = collect(tail(t.Context(), c)); len(errs) != 1 || !errors.Is(errs[0], runtime.ErrFailedPrecondition) {
			t.Errorf("after %q, with the client closed: got %v", sent, errs)
		}
	}
}

// However a stream is left, nothing stays.
func TestStreamsLeaveNothingBehind(t *testing.T) {
	var open atomic.Int32
	a := tailServer(t, func(out grpc.ServerStream) error {
		open.Add(1)
		defer open.Add(-1)
		send(t, out, "one", "two")
		<-out.Context().Done()
		return nil
	})
	c := newClient(t, "http://localhost", a.addr)
	if _, err := ask(t.Context(), c, nil); err != nil { // there is a connection from now on
		t.Fatal(err)
	}
	before := goruntime.NumGoroutine()
	seq := tail(t.Context(), c)
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
	for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		left := goruntime.NumGoroutine() - before
		if open.Load() == 0 && left <= 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d streams are still open, and %d goroutines are left", open.Load(), left)
		}
	}
}

// Until the first message is there the call may be sent again, and never after
// that.
func TestStreamSentAgain(t *testing.T) {
	for _, sent := range [][]string{nil, {"one"}} {
		var calls atomic.Int32
		a := tailServer(t, func(out grpc.ServerStream) error {
			send(t, out, sent...)
			if calls.Add(1) == 1 {
				return status.Error(codes.Unavailable, "try again")
			}
			send(t, out, "two")
			out.SetTrailer(metadata.Pairs("x-end", "late"))
			return nil
		})
		c := newClient(t, "http://localhost", a.addr, runtime.WithRetry(runtime.RetryPolicy{MaxAttempts: 3, BaseDelay: time.Microsecond}))
		info := new(runtime.ResponseInfo)
		texts, errs := collect(tail(t.Context(), c, runtime.WithResponseInfo(info)))
		if len(sent) == 0 && (calls.Load() != 2 || !slices.Equal(texts, []string{"two"}) || len(errs) != 0 || info.Trailer.Get("X-End") != "late" || info.Attempts != 2) {
			t.Errorf("failed at once: %d calls, %q, %v, %v", calls.Load(), texts, errs, info)
		}
		if len(sent) > 0 && (calls.Load() != 1 || !slices.Equal(texts, sent) || len(errs) != 1 || !errors.Is(errs[0], runtime.ErrUnavailable)) {
			t.Errorf("failed later: %d calls, %q, %v", calls.Load(), texts, errs)
		}
	}
}
