package replay

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

const version = "2.3.0-rc.9"

func testContracts(t testing.TB) *Contracts {
	t.Helper()
	contracts, err := LoadContracts("../..")
	if err != nil {
		t.Fatal(err)
	}
	return contracts
}

func testServer(t *testing.T) *Server {
	t.Helper()
	server, err := NewServer(testContracts(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	return server
}

func testRecording(t *testing.T, name string) *Recording {
	t.Helper()
	rec, err := Load(os.DirFS("testdata"), version+"/"+name+".json")
	if err != nil {
		t.Fatal(err)
	}
	return rec
}

func (r *Recording) step(t *testing.T, name string) *Step {
	t.Helper()
	for _, s := range r.Steps {
		if s.Name == name {
			return s
		}
	}
	t.Fatalf("recording %s has no step %s", r.Protocol, name)
	return nil
}

// sender sends requests as a recording spells them, without the SDK.
type sender struct {
	server *Server
	conn   *grpc.ClientConn
	client *http.Client
}

func newSender(t *testing.T, server *Server) *sender {
	t.Helper()
	conn, err := grpc.NewClient(server.GRPCAddr(),
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.ForceCodec(frameCodec{})))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return &sender{server, conn, client}
}

// send plays step and sends request. It returns an error when the answer is
// not the recorded one.
func (s *sender) send(step *Step, request *Request) (Visit, error) {
	s.server.Play(step)
	var err error
	if request.Path == "" {
		err = s.sendGRPC(step, request)
	} else {
		err = s.sendHTTP(step, request)
	}
	return s.server.Visit(), err
}

func (s *sender) sendHTTP(step *Step, r *Request) error {
	url := "http://" + s.server.HTTPAddr() + r.Path
	request, err := http.NewRequest(r.Method, url, bytes.NewReader(r.WireBody()))
	if err != nil {
		return err
	}
	request.Header = r.header()
	response, err := s.client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	want := step.Response
	if response.StatusCode != want.Status || !bytes.Equal(body, want.WireBody()) {
		return fmt.Errorf("answered %d %s", response.StatusCode, body)
	}
	return nil
}

func (s *sender) sendGRPC(step *Step, r *Request) error {
	ctx := metadata.NewOutgoingContext(context.Background(), r.Metadata)
	var answer frame
	var header metadata.MD
	err := s.conn.Invoke(ctx, r.Method, &frame{r.MessageBase64}, &answer, grpc.Header(&header))
	want := step.Response
	state := status.Convert(err)
	if uint32(state.Code()) != want.Code || state.Message() != want.StatusMessage {
		return err
	}
	if want.Code == 0 && !bytes.Equal(answer.data, want.MessageBase64) {
		return fmt.Errorf("answered %x", answer.data)
	}
	if cookies := want.Header["set-cookie"]; fmt.Sprint(header["set-cookie"]) != fmt.Sprint(cookies) {
		return fmt.Errorf("answered with cookies %v, want %v", header["set-cookie"], cookies)
	}
	return nil
}

// The recorded requests themselves are accepted and answered as recorded; but
// for the two in which the real server silently dropped a field: what it
// tolerated there is a loss when the SDK sends it.
func TestRecordedRequests(t *testing.T) {
	server := testServer(t)
	s := newSender(t, server)
	lossy := map[string]bool{"rest_unknown_field_ok": true, "rest_unwrapped_app_data": true}
	for _, name := range []string{"graphql", "rest", "grpc", "graphql.mail", "rest.mail", "grpc.mail"} {
		for _, step := range testRecording(t, name).Steps {
			visit, err := s.send(step, &step.Request)
			accepted := err == nil && !visit.Refused && len(visit.Differences) == 0
			if visit.Calls != 1 || accepted == lossy[step.Name] {
				t.Errorf("%s %s: %v, %+v", name, step.Name, err, visit)
			}
		}
	}
}

func TestNothingIsAnsweredBeforePlay(t *testing.T) {
	server := testServer(t)
	s := newSender(t, server)
	for _, name := range []string{"graphql", "grpc"} {
		step := testRecording(t, name).step(t, "meta_ok")
		request := step.Request
		server.Play(nil)
		var err error
		if step.GRPC() {
			err = s.sendGRPC(step, &request)
		} else {
			err = s.sendHTTP(step, &request)
		}
		if err == nil {
			t.Errorf("%s: answered", name)
		}
	}
}

// clone is a deep copy of a request, so that a test can change it.
func clone(t *testing.T, r Request) *Request {
	t.Helper()
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	out := new(Request)
	if err := json.Unmarshal(text, out); err != nil {
		t.Fatal(err)
	}
	return out
}
