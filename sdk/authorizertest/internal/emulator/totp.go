package emulator

import (
	"bytes"
	"encoding/base64"
	"image/png"

	"github.com/pquerna/otp/totp"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
)

// totpSecret is what a user and his authenticator app share.
type totpSecret struct {
	secret   string
	recovery map[string]bool // whether the code was used
	verified bool
}

// askTOTP begins a login that an authenticator app finishes. A user who has not
// used one yet gets the secret to set it up with.
func (e *Emulator) askTOTP(c *Call, a *account) *authorizer.AuthResponse {
	e.waitForFactor(c, a, totpLifetime)
	if t := e.totps[a.id]; t != nil && t.verified {
		return &authorizer.AuthResponse{Message: "Proceed to totp screen", ShouldShowTOTPScreen: true}
	}
	secret, image, err := newTOTP(text(a.email))
	if err != nil {
		panic("making a TOTP secret: " + err.Error()) // an account always has a name
	}
	res := &authorizer.AuthResponse{
		Message: "Proceed to totp verification screen", ShouldShowTOTPScreen: true,
		AuthenticatorSecret: secret, AuthenticatorScannerImage: image,
	}
	t := &totpSecret{secret: secret, recovery: map[string]bool{}}
	for range 10 {
		code := newID()
		t.recovery[code] = false
		res.AuthenticatorRecoveryCodes = append(res.AuthenticatorRecoveryCodes, code)
	}
	e.totps[a.id] = t
	return res
}

// newTOTP makes a secret, and the image to scan: a PNG in base64.
func newTOTP(name string) (secret, image string, err error) {
	if name == "" {
		name = "user" // the library takes no empty one
	}
	key, err := totp.Generate(totp.GenerateOpts{Issuer: "authorizer", AccountName: name})
	if err != nil {
		return "", "", err
	}
	picture, err := key.Image(200, 200)
	if err != nil {
		return "", "", err
	}
	var b bytes.Buffer
	err = png.Encode(&b, picture)
	return key.Secret(), base64.StdEncoding.EncodeToString(b.Bytes()), err
}

// checkTOTP holds a code against the secret, and then against the recovery codes.
func (e *Emulator) checkTOTP(a *account, code string) error {
	t := e.totps[a.id]
	if t == nil {
		return internal("error while validating passcode")
	}
	ok, err := totp.ValidateCustom(code, t.secret, e.clock.Now().UTC(), totp.ValidateOpts{Period: 30, Skew: 1, Digits: 6})
	if err == nil && ok {
		t.verified = true
		return nil
	}
	if used, known := t.recovery[code]; !known || used {
		return internal("error while validating recovery code")
	}
	t.recovery[code] = true
	return nil
}
