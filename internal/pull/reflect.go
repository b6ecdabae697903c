package pull

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strings"

	"github.com/jhump/protoreflect/v2/grpcreflect"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"

	"github.com/triwire/authorizer-sdk/internal/contract/protofiles"
)

// reflect asks a gRPC server for the descriptors of its services (reflection
// v1, or v1alpha of older servers) and returns them as a serialised
// FileDescriptorSet.
func reflect(ctx context.Context, s Sources) ([]byte, error) {
	creds, err := s.credentials()
	if err != nil {
		return nil, err
	}
	conn, err := grpc.NewClient(s.GRPC,
		grpc.WithTransportCredentials(creds),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(maxAnswer)),
	)
	if err != nil {
		return nil, err
	}
	defer func() { _ = conn.Close() }()
	client := grpcreflect.NewClientAuto(metadata.NewOutgoingContext(ctx, metadata.New(s.Headers)), conn)
	defer client.Reset()
	set, err := describe(client)
	if err != nil {
		return nil, fmt.Errorf("reflection failed: %w (check the port, that the server has reflection enabled, "+
			"and whether it speaks TLS: this was tried %s)", err, security(creds))
	}
	return proto.MarshalOptions{Deterministic: true}.Marshal(set)
}

// describe collects the files of all services and what they import.
func describe(client *grpcreflect.Client) (*descriptorpb.FileDescriptorSet, error) {
	services, err := client.ListServices()
	if err != nil {
		return nil, err
	}
	set := &descriptorpb.FileDescriptorSet{}
	seen := map[string]bool{}
	var errs []error
	for _, name := range services {
		if protofiles.IsInfrastructure(name.Parent()) {
			continue
		}
		file, err := client.FileContainingSymbol(name)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		addFile(set, seen, file)
	}
	return set, errors.Join(errs...)
}

// addFile adds a file after its imports, once.
func addFile(set *descriptorpb.FileDescriptorSet, seen map[string]bool, fd protoreflect.FileDescriptor) {
	if seen[fd.Path()] {
		return
	}
	seen[fd.Path()] = true
	for i := range fd.Imports().Len() {
		addFile(set, seen, fd.Imports().Get(i).FileDescriptor)
	}
	set.File = append(set.File, protodesc.ToFileDescriptorProto(fd))
}

// credentials decides about TLS.
func (s Sources) credentials() (credentials.TransportCredentials, error) {
	host, _, err := net.SplitHostPort(s.GRPC)
	if err != nil || strings.Contains(s.GRPC, "/") {
		return nil, errors.New("not an address of a gRPC server; write it as HOST:PORT, without a scheme")
	}
	if s.Plaintext || isLoopback(host) {
		return insecure.NewCredentials(), nil
	}
	if s.TLS != nil {
		return credentials.NewTLS(s.TLS.Clone()), nil
	}
	return credentials.NewTLS(&tls.Config{MinVersion: tls.VersionTLS12}), nil
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func security(creds credentials.TransportCredentials) string {
	if creds.Info().SecurityProtocol == "tls" {
		return "with TLS"
	}
	return "without TLS"
}
