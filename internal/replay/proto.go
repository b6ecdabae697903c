package replay

import (
	"bytes"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/dynamicpb"
)

// protoBody is the meaning of a gRPC request message. A field that the
// contract does not know makes it unreadable.
func (c *Contracts) protoBody(s *Step, body []byte) string {
	method, err := c.method(s)
	if err != nil {
		return "unreadable: " + err.Error()
	}
	all, known := dynamicpb.NewMessage(method.Input()), dynamicpb.NewMessage(method.Input())
	if err := proto.Unmarshal(body, all); err != nil {
		return "unreadable: " + err.Error()
	}
	if err := (proto.UnmarshalOptions{DiscardUnknown: true}).Unmarshal(body, known); err != nil {
		return "unreadable: " + err.Error()
	}
	if !proto.Equal(all, known) {
		return "unreadable: fields that are not in the contract"
	}
	return protoText(known)
}

// restBody is the meaning of a REST request body, which the server reads as
// the JSON form of the gRPC message: absent, null and zero are one where the
// field has no presence, and an int64 is a number or a string. An empty body
// is an empty message.
func (c *Contracts) restBody(s *Step, body []byte, opts protojson.UnmarshalOptions) string {
	method, err := c.method(s)
	if err != nil {
		return "unreadable: " + err.Error()
	}
	m := dynamicpb.NewMessage(method.Input())
	if len(bytes.TrimSpace(body)) == 0 {
		return protoText(m)
	}
	if err := opts.Unmarshal(body, m); err != nil {
		return "unreadable: " + err.Error()
	}
	return protoText(m)
}

// protoText writes a message so that equal messages have equal texts. The
// white space of protojson is the same throughout one process, which is all
// that the comparison needs.
func protoText(m proto.Message) string {
	text, err := protojson.MarshalOptions{UseProtoNames: true}.Marshal(m)
	if err != nil {
		return "unreadable: " + err.Error()
	}
	return string(text)
}
