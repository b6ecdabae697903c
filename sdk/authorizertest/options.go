package authorizertest

import (
	"context"
	"fmt"
	"net"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
	"github.com/triwire/authorizer-sdk/sdk/authorizertest/internal/emulator"
)

// Option configures a [Server].
type Option func(*config)

type config struct {
	emulator           emulator.Config
	httpAddr, grpcAddr string
	anyAddress         bool
}

// The credentials of a server that is not given others.
const (
	defaultClientID     = "test-client"
	defaultClientSecret = "test-client-secret"
	defaultAdminSecret  = "test-admin-secret"
)

func newConfig(opts []Option) config {
	c := config{
		emulator: emulator.Config{ClientID: defaultClientID, ClientSecret: defaultClientSecret, AdminSecret: defaultAdminSecret},
		httpAddr: "127.0.0.1:0", grpcAddr: "127.0.0.1:0",
	}
	for _, o := range opts {
		o(&c)
	}
	return c
}

// WithSettings says how the server is set up; see [Settings].
func WithSettings(s Settings) Option {
	return func(c *config) { c.emulator.Settings = emulator.Settings(s) }
}

// WithCredentials gives the server other credentials. Those that are empty
// stay as they are.
func WithCredentials(clientID, clientSecret, adminSecret string) Option {
	return func(c *config) {
		for _, pair := range []struct {
			to   *string
			from string
		}{{&c.emulator.ClientID, clientID}, {&c.emulator.ClientSecret, clientSecret}, {&c.emulator.AdminSecret, adminSecret}} {
			if pair.from != "" {
				*pair.to = pair.from
			}
		}
	}
}

// WithFGA gives the server an engine for fine-grained authorization: the one of
// sdk/authorizertest/fga, or one of your own.
func WithFGA(engine FGAEngine) Option { return func(c *config) { c.emulator.FGA = engine } }

// WithWebhookHosts names hosts that webhooks may have in their endpoints, and
// the loopback address (host:port) that stands for each. The real server's rule
// then holds that endpoints on private addresses are refused. Without it,
// webhooks may name any endpoint, also on loopback; elsewhere nothing is
// delivered.
func WithWebhookHosts(addresses map[string]string) Option {
	return func(c *config) { c.emulator.WebhookHosts = addresses }
}

// WithAddresses says where to listen, both as host:port; port 0 is a free one.
// The host must be a loopback address. The default is 127.0.0.1:0.
func WithAddresses(overHTTP, overGRPC string) Option {
	return func(c *config) { c.httpAddr, c.grpcAddr = overHTTP, overGRPC }
}

// WithAnyAddress lets the server listen elsewhere than on loopback, where
// everybody in the network can reach it and its well-known secrets.
func WithAnyAddress() Option { return func(c *config) { c.anyAddress = true } }

// listen opens a port on loopback.
func (c config) listen(address string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("authorizertest: address %q: %w", address, err)
	}
	if ip := net.ParseIP(host); !c.anyAddress && host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, fmt.Errorf("authorizertest: %q is not a loopback address: others could reach the server and its well-known secrets; WithAnyAddress allows it", address)
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("authorizertest: %w", err)
	}
	return l, nil
}

// Settings is how the server is set up. The zero value is sign-up by e-mail
// address or phone number, nothing to verify, no second factor, with a mail and
// a text message service.
type Settings struct {
	// EmailVerification: an address must be verified before its user can log in,
	// and magic links are mailed.
	EmailVerification bool
	// PhoneVerification: a phone number must be verified first.
	PhoneVerification bool
	// MultiFactor lets users have a second factor, EnforceMultiFactor gives one
	// to every new user.
	MultiFactor, EnforceMultiFactor bool
	// EmailOTP, SMSOTP and TOTP are the second factors that there are.
	EmailOTP, SMSOTP, TOTP bool
	// NoMail and NoSMS: the server has no mail or text message service.
	NoMail, NoSMS bool
	// NoSignUp, NoBasicAuth, NoMobileBasicAuth, NoMagicLink and NoStrongPassword
	// turn off what is on by default.
	NoSignUp, NoBasicAuth, NoMobileBasicAuth, NoMagicLink, NoStrongPassword bool
	// NoAdminSecretHeader: the admin secret is taken by AdminLogin only, not in
	// a header.
	NoAdminSecretHeader bool
	// Roles are the roles that there are, DefaultRoles those of new users;
	// without any it is "user". ProtectedRoles are given by admins only.
	Roles, DefaultRoles, ProtectedRoles []string
	// AllowedOrigins are the origins of browsers and of redirects, such as
	// https://app.example.com or *.example.com; without any, the server's own.
	AllowedOrigins []string
	// ResetPasswordURL is where reset links lead if a request does not say;
	// without one it is the server's own page.
	ResetPasswordURL string
	// OrganizationName and OrganizationLogo are for mail templates.
	OrganizationName, OrganizationLogo string
}

// FGAEngine is an engine for fine-grained authorization. The errors of its
// methods have the texts that a real server passes on; one with a method
// Number() uint32 has a gRPC status of that number.
type FGAEngine interface {
	// WriteModel replaces the model and returns its id.
	WriteModel(ctx context.Context, dsl string) (id string, err error)
	// ReadModel returns id and text of the model, both empty if there is none.
	ReadModel(ctx context.Context) (id, dsl string, err error)
	// Relations are the relations of each type of the model, sorted; an error
	// without a model.
	Relations(ctx context.Context) (map[string][]string, error)
	// WriteTuples adds tuples, all or none; one that is there already is an error.
	WriteTuples(ctx context.Context, tuples []authorizer.FGATupleInput) error
	// DeleteTuples removes tuples, all or none; one that is not there is an error.
	DeleteTuples(ctx context.Context, tuples []authorizer.FGATupleInput) error
	// ReadTuples lists tuples, page by page. Empty texts are no filter.
	ReadTuples(ctx context.Context, filter authorizer.FGATupleInput, pageSize int, token string) (tuples []authorizer.FGATuple, next string, err error)
	// Check answers for each check whether the user has the relation.
	Check(ctx context.Context, user string, checks []authorizer.PermissionCheckInput) ([]bool, error)
	// ListObjects lists the objects of a type to which the user has the relation.
	ListObjects(ctx context.Context, user, relation, objectType string) ([]string, error)
	// ListUsers lists the users of a type that have the relation to an object.
	ListUsers(ctx context.Context, object, relation, userType string) ([]string, error)
	// Expand is the tree of who has a relation, as JSON text.
	Expand(ctx context.Context, relation, object string) (tree string, err error)
	// Reset forgets the model and all tuples.
	Reset(ctx context.Context) error
}
