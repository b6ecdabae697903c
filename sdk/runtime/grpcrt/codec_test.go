package grpcrt_test

import (
	"context"
	"errors"
	"testing"

	"google.golang.org/grpc/encoding"
	protocodec "google.golang.org/grpc/encoding/proto"
	"google.golang.org/protobuf/proto"
)

// older is a codec as programs register it that have faster messages.
type older struct{}

func (older) Name() string { return protocodec.Name }

func (older) Marshal(v any) ([]byte, error) {
	m, ok := v.(proto.Message)
	if !ok {
		return nil, errors.New("not a message")
	}
	return proto.Marshal(m)
}

func (older) Unmarshal(data []byte, v any) error {
	m, ok := v.(proto.Message)
	if !ok {
		return errors.New("not a message")
	}
	return proto.Unmarshal(data, m)
}

// A program can put a codec of its own in the place of that of grpc-go, with
// either of two interfaces.
func TestCodecOfTheProgram(t *testing.T) {
	usual := encoding.GetCodecV2(protocodec.Name)
	encoding.RegisterCodec(older{})
	t.Cleanup(func() { encoding.RegisterCodecV2(usual) })
	a := serve(t, echo)
	c := newClient(t, "http://localhost", a.addr)
	got, err := ask(context.Background(), c, &askRequest{Text: "hello"})
	if err != nil || got.Text != "hello" {
		t.Errorf("got %v, %v", got, err)
	}
}
