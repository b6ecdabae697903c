package sdktest

import (
	"encoding/binary"
	"net/http"
	"net/http/httptest"
	"testing"
)

// Raw is a server that answers every HTTP/1 and HTTP/2 request in one way, for
// answers that no proper server gives. It returns its host:port.
func Raw(t testing.TB, h http.HandlerFunc) string {
	t.Helper()
	srv := httptest.NewUnstartedServer(h)
	srv.Config.Protocols = new(http.Protocols)
	srv.Config.Protocols.SetHTTP1(true)
	srv.Config.Protocols.SetUnencryptedHTTP2(true)
	srv.Start()
	t.Cleanup(func() {
		srv.CloseClientConnections()
		srv.Close()
	})
	return srv.Listener.Addr().String()
}

// Frame is a gRPC frame that says how long its message is, and then holds what
// it is given.
func Frame(length uint32, message []byte) []byte {
	return append(binary.BigEndian.AppendUint32([]byte{0}, length), message...)
}

// GRPCAnswer is a raw answer over gRPC: headers, these bytes, and a status.
func GRPCAnswer(contentType string, body []byte, trailers map[string]string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(http.StatusOK)
		_, _ = w.Write(body)
		for name, value := range trailers {
			w.Header().Set(http.TrailerPrefix+name, value)
		}
	}
}
