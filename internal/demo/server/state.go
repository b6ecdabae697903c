package server

import (
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"slices"
	"sync"

	"google.golang.org/protobuf/proto"

	authorizerv1 "github.com/triwire/authorizer-sdk/gen/authorizer/v1"
)

// epoch is the time, in Unix seconds, at which the server's clock starts. The
// clock advances by one second with each thing that is made.
const epoch = 1750000000

// account is a user and what proves who it is.
type account struct {
	user     *authorizerv1.User
	password []byte // keyed hash
}

// state is all that the server remembers.
type state struct {
	key []byte // signs tokens and hashes passwords

	mu       sync.Mutex
	made     int64 // things made since the last reset: drives ids, times and tokens
	accounts []*account
}

// reset forgets everything and adds two users who show what "absent" looks
// like: one has next to nothing, the other no e-mail address.
func (s *state) reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.made, s.accounts = 0, nil
	s.add(&authorizerv1.User{Email: "bob@example.com", EmailVerified: true, SignupMethods: "basic_auth", PreferredUsername: "bob@example.com"}, "")
	s.add(&authorizerv1.User{GivenName: "Carol", PhoneNumber: "+14155550100", PhoneNumberVerified: true, SignupMethods: "mobile_basic_auth"}, "")
}

// tick counts one more thing and returns its time.
func (s *state) tick() int64 {
	s.made++
	return epoch + s.made
}

// add stores a user; the lock is held.
func (s *state) add(user *authorizerv1.User, password string) *account {
	now := s.tick()
	user.Id = fmt.Sprintf("00000000-0000-4000-8000-%012d", s.made)
	user.CreatedAt, user.UpdatedAt = now, now
	if len(user.Roles) == 0 {
		user.Roles = []string{"user"}
	}
	a := &account{user: user}
	if password != "" {
		a.password = s.hash(password)
	}
	s.accounts = append(s.accounts, a)
	return a
}

// find returns the account for which match holds, or nil; the lock is held.
func (s *state) find(match func(*authorizerv1.User) bool) *account {
	i := slices.IndexFunc(s.accounts, func(a *account) bool { return match(a.user) })
	if i < 0 {
		return nil
	}
	return s.accounts[i]
}

// knows tells whether the password is that of the account.
func (s *state) knows(a *account, password string) bool {
	return a != nil && a.password != nil && hmac.Equal(a.password, s.hash(password))
}

func (s *state) hash(password string) []byte {
	mac := hmac.New(sha256.New, s.key)
	mac.Write([]byte("password:" + password))
	return mac.Sum(nil)
}

// copyUser keeps what is stored apart from what is answered.
func copyUser(u *authorizerv1.User) *authorizerv1.User {
	return proto.CloneOf(u)
}
