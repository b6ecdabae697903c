// Package emulator is the logic of the emulated server: what it remembers and
// what each method does, against the flat types of the SDK. It knows nothing of
// how a call travels; call.go is the one place where it asks about it.
//
// What a method does, the order of its checks and the texts of its messages are
// those of the real server, as recorded. What is different stands in the
// documentation of package authorizertest.
package emulator

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"sync"
)

// Emulator is one emulated server. Its methods are safe for concurrent use.
type Emulator struct {
	settings Settings
	clock    *Clock
	fga      Engine            // nil: without fine-grained authorization
	hosts    map[string]string // of webhooks, see [Config]
	secrets  secrets
	outbox   *Outbox
	hooks    deliveries

	mu sync.Mutex
	state
}

// secrets are what the server proves things with. All but the admin secret are
// made anew for each emulator.
type secrets struct {
	clientID, clientSecret, adminSecret string
	signing                             *ecdsa.PrivateKey
	hashing                             []byte
}

// Config says what to make.
type Config struct {
	Settings                            Settings
	Clock                               *Clock
	FGA                                 Engine
	ClientID, ClientSecret, AdminSecret string
	// WebhookHosts are the names of hosts that webhooks may name, and the
	// loopback address (host:port) that stands for each. If it is nil, webhooks
	// may name any endpoint, and only those on loopback are delivered; if not,
	// the real server's rule holds that private addresses are refused.
	WebhookHosts map[string]string
}

// New makes an emulator that remembers nothing yet.
func New(c Config) (*Emulator, error) {
	signing, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	e := &Emulator{
		settings: c.Settings.withDefaults(), clock: c.Clock, fga: c.FGA, hosts: c.WebhookHosts,
		secrets: secrets{c.ClientID, c.ClientSecret, c.AdminSecret, signing, random(32)},
		outbox:  newOutbox(),
	}
	e.state.reset()
	return e, nil
}

// Reset forgets everything but the settings and the clock: users, sessions,
// webhooks, templates, logs, mail and the authorization model.
func (e *Emulator) Reset(ctx context.Context) error {
	e.hooks.wait()
	e.mu.Lock()
	defer e.mu.Unlock()
	e.state.reset()
	e.outbox.reset()
	if e.fga == nil {
		return nil
	}
	return e.fga.Reset(ctx)
}

// Close stops deliveries that are under way and waits for them.
func (e *Emulator) Close() { e.hooks.close() }

// Outbox is the mail and the text messages that the server sent.
func (e *Emulator) Outbox() *Outbox { return e.outbox }

// WaitForWebhooks waits until what was to be delivered has been.
func (e *Emulator) WaitForWebhooks() { e.hooks.wait() }

// now is the time by the emulator's clock, in Unix seconds.
func (e *Emulator) now() int64 { return e.clock.Now().Unix() }

// lock takes the state and returns what gives it back:
//
//	defer e.lock()()
func (e *Emulator) lock() func() {
	e.mu.Lock()
	return e.mu.Unlock
}

// random are n bytes that nobody can guess.
func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails
	return b
}
