package authorizer_test

import (
	"crypto/tls"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"syscall"
	"testing"

	"google.golang.org/grpc"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
	authorizergrpc "github.com/triwire/authorizer-sdk/sdk/grpc"
	"github.com/triwire/authorizer-sdk/sdk/internal/sdktest"
)

// Why there is no connection can be asked for over every protocol, also when it
// was refused while calls were made before.
func TestRefusedConnection(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has another error for it")
	}
	sdktest.Each(t, func(t *testing.T, p authorizer.Protocol) {
		addr := closedPort(t)
		s := sdktest.Start(t)
		for name, c := range map[string]*authorizer.Client{
			"never there":            sdktest.NewUser(t, "http://"+addr, addr, p, sdktest.QuickRetry(2)),
			"not there any more":     s.User(t, p, sdktest.QuickRetry(2)),
			"with options of gRPC's": sdktest.NewUser(t, "http://"+addr, addr, p, authorizergrpc.WithDialOptions(grpc.WithDisableRetry())),
		} {
			if name == "not there any more" {
				if _, err := c.Meta(t.Context()); err != nil {
					t.Fatal(err)
				}
				s.Close()
				_, _ = c.Meta(t.Context())
			}
			_, err := c.Meta(t.Context())
			var op *net.OpError
			if !errors.Is(err, authorizer.ErrUnavailable) || !errors.Is(err, syscall.ECONNREFUSED) || !errors.As(err, &op) || op.Op != "dial" {
				t.Errorf("%s: got %#v", name, err)
			}
		}
	})
}

// So can why a connection is not secure.
func TestServerThatIsNotTrusted(t *testing.T) {
	srv := httptest.NewUnstartedServer(http.NotFoundHandler())
	srv.EnableHTTP2 = true
	srv.Config.ErrorLog = log.New(io.Discard, "", 0)
	srv.StartTLS()
	t.Cleanup(srv.Close)
	sdktest.Each(t, func(t *testing.T, p authorizer.Protocol) {
		c := sdktest.NewUser(t, srv.URL, srv.Listener.Addr().String(), p, sdktest.QuickRetry(2))
		_, err := c.Meta(t.Context())
		var untrusted *tls.CertificateVerificationError
		if !errors.Is(err, authorizer.ErrUnavailable) || !errors.As(err, &untrusted) {
			t.Errorf("got %v", err)
		}
	})
}
