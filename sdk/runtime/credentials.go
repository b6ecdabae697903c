package runtime

import (
	"context"
	"errors"
	"net"
)

// WithSession sends the session's cookies and keeps those that answers set. It
// replaces the credentials of the client as a whole.
func WithSession(s *Session) SharedOption {
	return sharedOption(func(c *callConfig) error {
		if s == nil {
			return errors.New("WithSession: the session is nil")
		}
		c.newUser()
		c.session = s
		return nil
	})
}

// WithTokenSource asks the source for a bearer token before every try. It
// replaces the credentials of the client as a whole.
func WithTokenSource(s TokenSource) SharedOption {
	return sharedOption(func(c *callConfig) error {
		if s == nil {
			return errors.New("WithTokenSource: the source is nil")
		}
		c.newUser()
		c.tokens = s
		return nil
	})
}

// WithoutUser leaves out the credentials of the client's user.
func WithoutUser() SharedOption {
	return sharedOption(func(c *callConfig) error {
		c.credential = false
		c.newUser()
		return nil
	})
}

// WithInsecureCookies lets a session's secure cookies travel over connections
// without TLS to hosts that are not this machine. Anybody on the way can read
// them. Servers may mark their cookies as secure whatever their URL.
func WithInsecureCookies() SharedOption {
	return sharedOption(func(c *callConfig) error {
		c.insecureCookies = true
		return nil
	})
}

// authorize adds the credentials of this moment to the headers.
func (c *Call) authorize(ctx context.Context) error {
	cfg := c.config
	if cfg.session == nil && cfg.tokens == nil {
		return nil
	}
	now := cfg.clone()
	if cfg.session != nil {
		fields, epoch, err := cfg.session.fields(c.core.base.origin, c.private())
		if err != nil {
			return c.Errorf(CodeFailedPrecondition, "%w", err)
		}
		c.epoch = epoch
		now.cookies = append(fields, now.cookies...)
	}
	if cfg.tokens != nil {
		token, err := cfg.tokens.Token(ctx)
		if err != nil {
			return c.tokenError(ctx, err)
		}
		f, err := newHeader("Authorization", "Bearer "+token)
		if err != nil || token == "" {
			return c.Errorf(CodeUnauthenticated, "the token source gave a token that cannot be sent")
		}
		now.headers = append([]field{f}, now.headers...)
	}
	c.headers = c.core.headers.set(c.Protocol(), &now)
	return nil
}

// tokenError keeps the status code of a refresh that failed. A source that cannot
// reach its server says nothing about the user.
func (c *Call) tokenError(ctx context.Context, err error) *Error {
	if ended := ctx.Err(); ended != nil {
		return c.contextError(ctx, err)
	}
	return c.Fail(codeOr(err, CodeUnauthenticated), "no token for the call: "+err.Error(), err)
}

// private reports whether nobody on the way can read what is sent.
func (c *Call) private() bool {
	if c.config.insecureCookies {
		return true
	}
	if c.Protocol() == ProtocolGRPC {
		return c.core.insecureGRPC || !c.core.grpcConfig.open
	}
	return c.core.base.scheme == "https" || isLoopback(net.JoinHostPort(c.core.base.name, "0"))
}
