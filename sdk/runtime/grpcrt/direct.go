package grpcrt

import (
	"errors"
	"fmt"
	"sync"

	"google.golang.org/grpc"
	"google.golang.org/grpc/encoding"
	"google.golang.org/grpc/mem"
	"google.golang.org/protobuf/proto"

	"github.com/triwire/authorizer-sdk/sdk/runtime"
)

// message is the pointer to a generated message type.
type message[T any] interface {
	*T
	proto.Message
}

// Direct makes an adapter of a method by its name, as [Unary] does, whose
// answers are read straight into the flat type. What read does not take, and
// everything over a connection that is watched, is decoded into the generated
// message and converted from that by decode. Both return nil if the answer has
// no result.
func Direct[Req, In, Out, Resp any, PIn message[In], POut message[Out]](
	encode func(*runtime.Encoder, *Req) *In,
	name string,
	decode func(*Out) *Resp,
	read func(*Reader) *Resp,
) Adapter {
	ways := &ways[Resp]{read: read, slow: func(b []byte) (*Resp, error) {
		out := new(Out)
		if err := proto.Unmarshal(b, POut(out)); err != nil {
			return nil, err
		}
		return decode(out), nil
	}}
	ways.readers.New = func() any { return new(Reader) }
	room := func() *watch {
		t := &struct {
			watch
			reply[Resp]
		}{reply: reply[Resp]{ways: ways}}
		t.answer = &t.reply
		return &t.watch
	}
	return adapter(encode, room, func(w *watch, conn Conn, in *In) (*Resp, error) {
		if conn.Watched {
			out := new(Out)
			if err := conn.Invoke(w, name, in, out, w.options(conn)...); err != nil {
				return nil, err
			}
			return decode(out), nil
		}
		if err := conn.Invoke(w, name, in, w.answer, w.options(conn, directOption)...); err != nil {
			return nil, err
		}
		r, ok := w.answer.(*reply[Resp])
		if !ok {
			return nil, w.call.Errorf(runtime.CodeInternal, "the answer was read into %T", w.answer)
		}
		return r.resp, nil
	})
}

// ways are the two in which the answers of a method can be decoded.
type ways[Resp any] struct {
	readers sync.Pool // of *Reader
	read    func(*Reader) *Resp
	slow    func([]byte) (*Resp, error)
}

// reply is an answer that knows how to decode itself.
type reply[Resp any] struct {
	ways *ways[Resp]
	resp *Resp
}

// decodable is a [reply] of any type.
type decodable interface{ decode(b []byte) error }

func (r *reply[Resp]) decode(b []byte) (err error) {
	reader, _ := r.ways.readers.Get().(*Reader)
	reader.reset(b)
	r.resp = r.ways.read(reader)
	failed := reader.failed
	reader.reset(nil)
	r.ways.readers.Put(reader)
	if failed {
		r.resp, err = r.ways.slow(b)
	}
	return err
}

// directCodec sends generated messages and receives replies.
type directCodec struct{}

// directOption makes a call use it.
var directOption = grpc.ForceCodecV2(directCodec{})

var _ encoding.CodecV2 = directCodec{}

// Name is empty for the content type to be "application/grpc", as it is with
// the codec of grpc-go.
func (directCodec) Name() string { return "" }

var errNotMessage = errors.New("the request is not a protobuf message")

func (directCodec) Marshal(v any) (mem.BufferSlice, error) {
	m, ok := v.(proto.Message)
	if !ok {
		return nil, errNotMessage
	}
	b, err := proto.Marshal(m)
	if err != nil || len(b) == 0 {
		return nil, err
	}
	return mem.BufferSlice{mem.SliceBuffer(b)}, nil
}

func (directCodec) Unmarshal(data mem.BufferSlice, v any) error {
	r, ok := v.(decodable)
	if !ok {
		return fmt.Errorf("the answer cannot be decoded into %T", v)
	}
	if len(data) == 1 {
		return r.decode(data[0].ReadOnlyData())
	}
	buf := data.MaterializeToBuffer(mem.DefaultBufferPool())
	defer buf.Free()
	return r.decode(buf.ReadOnlyData())
}
