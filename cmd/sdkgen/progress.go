package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/triwire/authorizer-sdk/internal/report"
)

// Nothing is said in the first second; then the time is brought up to date as
// often as this.
const (
	progressAfter = time.Second
	progressEvery = time.Second
)

// progress tells people what takes so long: the step that is being done and the
// time since the start, in one line that is written over, and at the end wiped
// away. On a terminal that cannot do that (TERM=dumb), or where no escape sequences
// are wanted (NO_COLOR), each step has a line.
type progress struct {
	w     io.Writer
	plain bool
	start time.Time

	mutex sync.Mutex
	timer *time.Timer
	// step is what is being done, told the last one that was told.
	step, told string
	stopped    bool
}

// progress starts telling, if anybody looks. It returns what to call at each
// step, and at the end, before anything else is printed.
func (t *terminal) progress() (step func(string), stop func()) {
	if t.json || t.quiet || !t.looked() {
		return func(string) {}, func() {}
	}
	p := &progress{w: t.err, plain: os.Getenv("TERM") == "dumb" || os.Getenv("NO_COLOR") != "", start: time.Now()}
	p.timer = time.AfterFunc(progressAfter, p.tick)
	return p.next, p.stop
}

// looked tells whether somebody looks at the standard error.
func (t *terminal) looked() bool { return t.fake || report.IsTerminal(t.err) }

// next is the beginning of a step.
func (p *progress) next(step string) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.step = step
	if time.Since(p.start) >= progressAfter {
		p.print()
	}
}

// tick brings the line up to date.
func (p *progress) tick() {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.stopped {
		return
	}
	p.print()
	p.timer.Reset(progressEvery)
}

func (p *progress) print() {
	switch {
	case p.stopped || p.step == "":
	case !p.plain:
		fmt.Fprintf(p.w, "\r\x1b[Ksdkgen: %s (%s)", p.step, time.Since(p.start).Round(time.Second))
		p.told = p.step
	case p.told != p.step:
		fmt.Fprintf(p.w, "sdkgen: %s\n", p.step)
		p.told = p.step
	}
}

// stop wipes the line away.
func (p *progress) stop() {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.timer.Stop()
	if !p.stopped && !p.plain && p.told != "" {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
	p.stopped = true
}
