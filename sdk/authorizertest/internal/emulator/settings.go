package emulator

// Settings is how the server is set up; see the type of the same name in package
// authorizertest, which is converted to this one.
type Settings struct {
	EmailVerification, PhoneVerification                                    bool
	MultiFactor, EnforceMultiFactor                                         bool
	EmailOTP, SMSOTP, TOTP                                                  bool
	NoMail, NoSMS                                                           bool
	NoSignUp, NoBasicAuth, NoMobileBasicAuth, NoMagicLink, NoStrongPassword bool
	NoAdminSecretHeader                                                     bool
	Roles, DefaultRoles, ProtectedRoles                                     []string
	AllowedOrigins                                                          []string
	ResetPasswordURL                                                        string
	OrganizationName, OrganizationLogo                                      string
}

func (s Settings) withDefaults() Settings {
	if len(s.Roles) == 0 {
		s.Roles = []string{"user"}
	}
	if len(s.DefaultRoles) == 0 {
		s.DefaultRoles = []string{"user"}
	}
	return s
}

// version is what the real server of the recordings says that it is.
const version = "0.0.1"

// The ways to sign up and log in.
const (
	methodBasicAuth       = "basic_auth"
	methodMobileBasicAuth = "mobile_basic_auth"
	methodMagicLink       = "magic_link_login"
	methodMobileOTP       = "mobile_otp"
)

// The kinds of verification, which are also the events of mail templates.
const (
	verifySignup    = "basic_auth_signup"
	verifyMagicLink = "magic_link_login"
	verifyNewEmail  = "update_email"
	verifyPassword  = "forgot_password"
	verifyInvite    = "invite_member"
	mailOTP         = "verify_otp"
)

// The events that webhooks are called on.
const (
	eventLogin         = "user.login"
	eventCreated       = "user.created"
	eventSignup        = "user.signup"
	eventAccessRevoked = "user.access_revoked"
	eventAccessEnabled = "user.access_enabled"
	eventDeleted       = "user.deleted"
	eventDeactivated   = "user.deactivated"
)

// How long things last, in seconds.
const (
	accessLifetime       = 30 * 60
	refreshLifetime      = 30 * 24 * 60 * 60
	sessionLifetime      = 24 * 60 * 60
	adminCookieLifetime  = 60 * 60
	verificationLifetime = 30 * 60
	otpLifetime          = 60
	phoneOTPLifetime     = 10 * 60
	totpLifetime         = 3 * 60
	mfaCookieLifetime    = 60
)
