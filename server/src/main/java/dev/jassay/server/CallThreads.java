package dev.jassay.server;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Runs the events of calls on platform threads, which block in downcalls. Any thread.
 *
 * <p>The thread that became free last is used first, while its stack and its processor's cache are warm: taking turns among all of them
 * cost a sixth of a stream's rate. A pool does so that hands tasks over without a queue; what comes while all its threads are busy goes to
 * a second pool, which has one.
 */
final class CallThreads implements Executor, AutoCloseable {
    private final ThreadPoolExecutor queued;
    private final ThreadPoolExecutor handedOver;

    /**
     * @param count as many as calls can be at work, so that none waits for another's stream; those that nobody needs end
     */
    CallThreads(int count, ThreadFactory threads) {
        queued = new ThreadPoolExecutor(count, count, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>(), threads);
        queued.allowCoreThreadTimeOut(true);
        handedOver = new ThreadPoolExecutor(
                0, count, 1, TimeUnit.MINUTES, new SynchronousQueue<>(), threads, (task, pool) -> queued.execute(task));
    }

    @Override
    public void execute(Runnable task) {
        handedOver.execute(task);
    }

    /** Returns when all that was given has been run. */
    @Override
    public void close() {
        handedOver.close();
        queued.close();
    }
}
