package authorizertest_test

import (
	"fmt"
	"testing"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
	"github.com/triwire/authorizer-sdk/sdk/authorizertest"
)

// What it costs to start a server and to close it.
func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		s, err := authorizertest.Start()
		if err != nil {
			b.Fatal(err)
		}
		s.Close()
	}
}

// What a call costs, with the SDK's part, one after the other and in parallel.
func BenchmarkCall(b *testing.B) {
	for _, protocol := range []string{"graphql", "rest", "grpc"} {
		srv := authorizertest.New(b)
		c, err := authorizer.New(srv.URL, srv.ClientID, authorizer.WithProtocolName(protocol), authorizer.WithGRPCEndpoint(srv.GRPCEndpoint))
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { _ = c.Close() })
		email := authorizer.Ptr(zoe)
		res, err := c.Signup(b.Context(), &authorizer.SignupRequest{Email: email, Password: password, ConfirmPassword: password})
		if err != nil {
			b.Fatal(err)
		}
		for _, method := range []struct {
			name string
			call func() error
		}{
			{"meta", func() error { _, err := c.Meta(b.Context()); return err }},
			{"profile", func() error {
				_, err := c.Profile(b.Context(), authorizer.WithBearerToken(res.AccessToken))
				return err
			}},
			{"login", func() error {
				_, err := c.Login(b.Context(), &authorizer.LoginRequest{Email: email, Password: password})
				return err
			}},
		} {
			b.Run(fmt.Sprintf("%s/%s", method.name, protocol), func(b *testing.B) {
				b.RunParallel(func(pb *testing.PB) {
					for pb.Next() {
						if err := method.call(); err != nil {
							b.Error(err)
							return
						}
					}
				})
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "calls/s")
			})
		}
	}
}
