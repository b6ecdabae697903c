package authorizertest

import (
	"time"

	"github.com/triwire/authorizer-sdk/sdk/authorizertest/internal/emulator"
)

// Clock is the time that a server goes by: the expiry of tokens, cookies,
// one-time codes and links, and the times in its answers. It runs with the real
// time, from wherever it was moved to. What waits for something, such as
// timeouts of connections and the delay of a [Fault], goes by the real time.
type Clock struct{ clock *emulator.Clock }

// Now is the time by this clock.
func (c *Clock) Now() time.Time { return c.clock.Now() }

// Advance moves the clock by d, backwards if it is negative.
func (c *Clock) Advance(d time.Duration) { c.clock.Advance(d) }

// Freeze stops the clock at t. It then moves by Advance only.
func (c *Clock) Freeze(t time.Time) { c.clock.Freeze(t) }
