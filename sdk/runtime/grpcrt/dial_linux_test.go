package grpcrt_test

import (
	"context"
	"net"
	"syscall"
	"testing"

	"google.golang.org/grpc"

	"github.com/triwire/authorizer-sdk/sdk/runtime/grpcrt"
)

// A connection that somebody on the way has forgotten is given up by the system.
func TestForgottenConnection(t *testing.T) {
	const userTimeout = 18 // TCP_USER_TIMEOUT, in milliseconds
	a := serve(t, echo)
	var conn net.Conn
	c := newClient(t, "http://localhost", a.addr, grpcrt.WithDialOptions(grpc.WithContextDialer(func(ctx context.Context, addr string) (net.Conn, error) {
		made, err := new(net.Dialer).DialContext(ctx, "tcp", addr)
		conn = made
		return made, err
	})))
	if _, err := ask(context.Background(), c, &askRequest{Text: "x"}); err != nil {
		t.Fatal(err)
	}
	raw, err := conn.(*net.TCPConn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	got, failed := 0, error(nil)
	err = raw.Control(func(fd uintptr) { got, failed = syscall.GetsockoptInt(int(fd), syscall.IPPROTO_TCP, userTimeout) })
	if err != nil || failed != nil || got != 20_000 {
		t.Errorf("the connection is given up after %d ms, want 20 s: %v, %v", got, err, failed)
	}
}
