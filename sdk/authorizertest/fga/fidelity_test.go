package fga_test

import (
	"testing"

	"github.com/triwire/authorizer-sdk/internal/fidelity"
	"github.com/triwire/authorizer-sdk/sdk/authorizertest"
	"github.com/triwire/authorizer-sdk/sdk/authorizertest/fga"
)

// All recordings, with fine-grained authorization.
func TestFidelity(t *testing.T) {
	fidelity.Test(t, "../../..", func(t testing.TB) authorizertest.FGAEngine { return fga.New(t) })
}
