package grpcrt

import (
	"context"
	"sync"

	"google.golang.org/grpc/encoding"
	protocodec "google.golang.org/grpc/encoding/proto"
	"google.golang.org/grpc/mem"
	"google.golang.org/protobuf/proto"

	"github.com/triwire/authorizer-sdk/sdk/runtime"
)

// message is the pointer to a generated message type.
type message[T any] interface {
	*T
	proto.Message
}

// Direct makes an adapter as [Unary] does, whose answers are read straight into
// the flat type. What read does not take, and everything over a connection that
// is watched, is decoded into the generated message and converted from that by
// decode. Both return nil if the answer has no result.
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
	return func(ctx context.Context, c *runtime.Call, conn Conn, req any) (any, error) {
		in, err := encoded(c, req, encode)
		if err != nil {
			return nil, err
		}
		d := &direct[Resp]{request: PIn(in), ways: ways}
		if err := d.begin(ctx, c); err != nil {
			return nil, err
		}
		if conn.watched {
			return generated(&d.watch, conn, name, in, decode)
		}
		err = conn.Invoke(d, name, d, d, d.options()...)
		if err := d.done(conn, err); err != nil {
			return nil, err
		}
		return resulting(&d.watch, d.resp)
	}
}

// ways are the two in which the answers of a method can be decoded.
type ways[Resp any] struct {
	readers sync.Pool // of *Reader
	read    func(*Reader) *Resp
	slow    func([]byte) (*Resp, error)
}

// direct is a try, and both of its messages.
type direct[Resp any] struct {
	watch
	request proto.Message
	ways    *ways[Resp]
	resp    *Resp
}

// messages is a [direct] of any type.
type messages interface {
	message() proto.Message
	decode(b []byte) error
}

// message is the request. Who asks for it has a connection to send it over.
func (d *direct[Resp]) message() proto.Message {
	d.sent = true
	return d.request
}

func (d *direct[Resp]) decode(b []byte) (err error) {
	reader, _ := d.ways.readers.Get().(*Reader)
	reader.reset(b)
	d.resp = d.ways.read(reader)
	failed := reader.failed
	reader.reset(nil)
	d.ways.readers.Put(reader)
	if failed {
		d.resp, err = d.ways.slow(b)
	}
	return err
}

// directCodec is the codec of connections that are not watched. It asks
// [messages] for what it sends, and leaves others to the codec of grpc-go.
type directCodec struct{ encoding.CodecV2 }

// newDirectCodec lays itself over the codec of grpc-go, or what the program has
// registered in its place.
func newDirectCodec() directCodec {
	if codec := encoding.GetCodecV2(protocodec.Name); codec != nil {
		return directCodec{codec}
	}
	return directCodec{olderCodec{encoding.GetCodec(protocodec.Name)}}
}

// olderCodec is a codec with the interface that grpc-go had before.
type olderCodec struct{ encoding.Codec }

func (c olderCodec) Marshal(v any) (mem.BufferSlice, error) {
	b, err := c.Codec.Marshal(v)
	if err != nil {
		return nil, err
	}
	return mem.BufferSlice{mem.SliceBuffer(b)}, nil
}

func (c olderCodec) Unmarshal(data mem.BufferSlice, v any) error {
	return c.Codec.Unmarshal(data.Materialize(), v)
}

// Name is empty for the content type to be "application/grpc", as it is with
// the codec of grpc-go.
func (directCodec) Name() string { return "" }

func (c directCodec) Marshal(v any) (mem.BufferSlice, error) {
	m, ok := v.(messages)
	if !ok {
		return c.CodecV2.Marshal(v)
	}
	request := m.message()
	if proto.Size(request) == 0 {
		return nil, nil // no buffers, which is an empty message
	}
	return c.CodecV2.Marshal(request)
}

func (c directCodec) Unmarshal(data mem.BufferSlice, v any) error {
	m, ok := v.(messages)
	if !ok {
		return c.CodecV2.Unmarshal(data, v)
	}
	if len(data) == 1 {
		return m.decode(data[0].ReadOnlyData())
	}
	buf := data.MaterializeToBuffer(mem.DefaultBufferPool())
	defer buf.Free()
	return m.decode(buf.ReadOnlyData())
}
