package fidelity

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"strings"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/dynamicpb"
	"google.golang.org/protobuf/types/known/emptypb"

	"github.com/triwire/authorizer-sdk/internal/replay"
)

// The hosts that the recorder called.
const (
	recordedHTTP = "localhost:8080"
	recordedGRPC = "localhost:9091"
	recorder     = "recorder" // what the recorder called itself
)

// player sends the requests of one recording.
type player struct {
	contracts *replay.Contracts
	names     *names
	http      *http.Client
	grpc      *grpc.ClientConn
}

// newPlayer sends what the recorder sent to its hosts to these addresses.
func newPlayer(contracts *replay.Contracts, httpAddr, grpcAddr string) (*player, error) {
	conn, err := grpc.NewClient("passthrough:///"+grpcAddr, grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithAuthority(recordedGRPC), grpc.WithUserAgent(recorder))
	if err != nil {
		return nil, err
	}
	transport := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "tcp", httpAddr)
	}}
	client := &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return &player{contracts, newNames(), client, conn}, nil
}

func (p *player) close() {
	p.http.CloseIdleConnections()
	_ = p.grpc.Close() // nothing is left to be said
}

// play sends one recorded request and says where the answer differs.
func (p *player) play(ctx context.Context, step *replay.Step) ([]string, error) {
	c := &comparer{names: p.names}
	send := p.playHTTP
	if step.GRPC() {
		send = p.playGRPC
	}
	if err := send(ctx, step, c); err != nil {
		return nil, fmt.Errorf("step %s: %w", step.Name, err)
	}
	return c.found, nil
}

func (p *player) playHTTP(ctx context.Context, step *replay.Step, c *comparer) error {
	body := p.names.request(string(step.Request.WireBody()))
	req, err := http.NewRequestWithContext(ctx, step.Request.Method, "http://"+recordedHTTP+p.names.request(step.Request.Path), strings.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("User-Agent", recorder)
	for name, value := range step.Request.Headers {
		req.Header.Set(name, p.names.request(value))
	}
	res, err := p.http.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	got, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	want := &step.Response
	c.values("status", json.Number(fmt.Sprint(want.Status)), json.Number(fmt.Sprint(res.StatusCode)), true)
	c.headers(want.Headers, res.Header)
	c.bodies(want.WireBody(), got)
	return nil
}

// headers compares what a client goes by. Of a media type the parameters do not
// count.
func (c *comparer) headers(want map[string]replay.Values, got http.Header) {
	for _, name := range []string{"Set-Cookie", "Location", "Cache-Control"} {
		c.lists(name, want[name], got.Values(name))
	}
	c.text("Content-Type", mediaType(strings.Join(want["Content-Type"], "")), mediaType(got.Get("Content-Type")))
}

func mediaType(s string) string {
	kind, _, err := mime.ParseMediaType(s)
	if err != nil {
		return s
	}
	return kind
}

func (c *comparer) lists(name string, want, got []string) {
	if len(want) != len(got) {
		c.differ(name, want, got)
		return
	}
	for i := range want {
		c.text(name, want[i], got[i])
	}
}

func (c *comparer) bodies(want, got []byte) {
	wanted, ok := documents(want)
	answered, isJSON := documents(got)
	switch {
	case !ok: // a page for a browser, whose location was compared
	case !isJSON || len(wanted) != len(answered):
		c.differ("body", string(want), string(got))
	default:
		for i := range wanted {
			c.values("body", wanted[i], answered[i], false)
		}
	}
}

func (p *player) playGRPC(ctx context.Context, step *replay.Step, c *comparer) error {
	in, out, err := p.messages(step)
	if err != nil {
		return err
	}
	md := metadata.MD{}
	for name, values := range step.Request.Metadata {
		for _, value := range values {
			md.Append(name, p.names.request(value))
		}
	}
	var header metadata.MD
	err = p.grpc.Invoke(metadata.NewOutgoingContext(ctx, md), step.Request.Method, in, out, grpc.Header(&header))
	got := status.Convert(err)
	want := &step.Response
	c.values("code", json.Number(fmt.Sprint(want.Code)), json.Number(fmt.Sprint(uint32(got.Code()))), true)
	c.text("message", want.StatusMessage, got.Message())
	c.lists("set-cookie", want.Header["set-cookie"], header.Get("set-cookie"))
	if want.Code != 0 || err != nil {
		return nil
	}
	return c.messages(want.MessageBase64, out)
}

// messages are the request of a step, with this run's names, and an empty answer.
func (p *player) messages(step *replay.Step) (in, out proto.Message, err error) {
	method, err := p.contracts.Method(step)
	if err != nil { // a method that does not exist
		return &emptypb.Empty{}, &emptypb.Empty{}, nil
	}
	in, out = dynamicpb.NewMessage(method.Input()), dynamicpb.NewMessage(method.Output())
	text := p.names.request(string(step.Request.Message))
	if text == "" {
		text = "{}"
	}
	return in, out, protojson.Unmarshal([]byte(text), in)
}

func (c *comparer) messages(want []byte, out proto.Message) error {
	recorded := out.ProtoReflect().New().Interface()
	if err := proto.Unmarshal(want, recorded); err != nil {
		return err
	}
	w, err := protojson.MarshalOptions{UseProtoNames: true}.Marshal(recorded)
	if err != nil {
		return err
	}
	g, err := protojson.MarshalOptions{UseProtoNames: true}.Marshal(out)
	if err != nil {
		return err
	}
	c.bodies(compact(w), compact(g))
	return nil
}

// compact takes out the white space that protojson varies.
func compact(text []byte) []byte {
	var b bytes.Buffer
	if json.Compact(&b, text) != nil {
		return text
	}
	return b.Bytes()
}
