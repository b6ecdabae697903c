package bench

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"time"
)

// batchTime is about how long each side works before the other one's turn:
// long enough to count in, short enough that both see the same noise.
const batchTime = 25 * time.Millisecond

// cost is what one call took.
type cost struct{ nanos, bytes, allocs float64 }

// pair measures two sides that make the same call, in turns.
type pair struct {
	floor, sdk call
	callers    int
	calls      int // in a batch
}

// newPair warms both sides up and finds the size of a batch.
func newPair(ctx context.Context, floor, sdk call, callers int) (*pair, error) {
	p := &pair{floor: floor, sdk: sdk, callers: callers, calls: 8 * callers}
	for range 2 {
		if _, err := p.batch(ctx, sdk); err != nil {
			return nil, err
		}
		took, err := p.batch(ctx, floor)
		if err != nil {
			return nil, err
		}
		each := max(1, int(float64(batchTime)/took.nanos)/callers)
		p.calls = callers * each
	}
	return p, nil
}

// round measures a batch of each side. Who goes first changes from round to
// round, since the second has to clear away what the first left behind.
func (p *pair) round(ctx context.Context, i int) (floor, sdk cost, err error) {
	if i%2 == 0 {
		if floor, err = p.batch(ctx, p.floor); err != nil {
			return floor, sdk, err
		}
		sdk, err = p.batch(ctx, p.sdk)
		return floor, sdk, err
	}
	if sdk, err = p.batch(ctx, p.sdk); err != nil {
		return floor, sdk, err
	}
	floor, err = p.batch(ctx, p.floor)
	return floor, sdk, err
}

// batch makes a batch of calls. Time is the time of the batch by the number of
// calls, so that with 32 callers it is what a call costs, not how long it takes.
func (p *pair) batch(ctx context.Context, side call) (cost, error) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	err := repeat(ctx, side, p.callers, p.calls/p.callers)
	took := time.Since(start)
	runtime.ReadMemStats(&after)
	n := float64(p.calls)
	return cost{
		nanos:  float64(took) / n,
		bytes:  float64(after.TotalAlloc-before.TotalAlloc) / n,
		allocs: float64(after.Mallocs-before.Mallocs) / n,
	}, err
}

// repeat makes n calls in each of several goroutines and returns one of the
// errors. A single caller stays on the goroutine that it is on.
func repeat(ctx context.Context, side call, callers, n int) error {
	if callers == 1 {
		return series(ctx, side, n)
	}
	errs := make([]error, callers)
	var wg sync.WaitGroup
	for i := range callers {
		wg.Go(func() { errs[i] = series(ctx, side, n) })
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func series(ctx context.Context, side call, n int) error {
	for range n {
		if _, err := side(ctx); err != nil {
			return err
		}
	}
	return nil
}

// median is the middle of the values of all rounds.
func median(costs []cost, value func(cost) float64) float64 {
	values := make([]float64, len(costs))
	for i, c := range costs {
		values[i] = value(c)
	}
	slices.Sort(values)
	n := len(values)
	return (values[n/2] + values[(n-1)/2]) / 2
}
