package emulator

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"net/mail"
	"strings"
)

// hash is a salted hash of a password. It is fast on purpose: the real server
// takes tens of milliseconds for it, which would be most of a test's time, and
// nothing of this outlives the test.
func (e *Emulator) hash(password string) []byte {
	salt := random(16)
	return append(salt, e.mac(salt, password)...)
}

func (e *Emulator) mac(salt []byte, text string) []byte {
	h := hmac.New(sha256.New, e.secrets.hashing)
	h.Write(salt)
	h.Write([]byte(text))
	return h.Sum(nil)
}

// matches tells whether the password is the one that was hashed.
func (e *Emulator) matches(hash []byte, password string) bool {
	return len(hash) > 16 && hmac.Equal(hash[16:], e.mac(hash[:16], password))
}

func equal(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// checkPassword holds a new password against the rules.
func (e *Emulator) checkPassword(password string) error {
	if len(password) < 6 || len(password) > 36 {
		return invalid("password must be of minimum 6 characters and maximum 36 characters")
	}
	var upper, lower, digit, special bool
	for _, r := range password {
		switch {
		case r >= 'A' && r <= 'Z':
			upper = true
		case r >= 'a' && r <= 'z':
			lower = true
		case r >= '0' && r <= '9':
			digit = true
		default:
			special = true
		}
	}
	if e.settings.NoStrongPassword || upper && lower && digit && special {
		return nil
	}
	return invalid("password is not valid. It needs to be at least 6 characters long and contain at least one number, one uppercase letter, one lowercase letter and one special character")
}

func validEmail(s string) bool {
	_, err := mail.ParseAddress(s)
	return err == nil
}

// among tells whether all of the roles are known.
func among(roles, known []string) bool {
	for _, role := range roles {
		if !contains(known, role) {
			return false
		}
	}
	return true
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// trimmed is the text without white space around it, empty if it is not set.
func trimmed(p *string) string { return strings.TrimSpace(text(p)) }
