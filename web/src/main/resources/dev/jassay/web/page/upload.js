// Sends a file to be judged, and tells how far it is. Two things run beside each other: the call itself, which alone counts, and its
// events, which only tell; where these fail, what was sent is still known.

import { isResult } from "./result.js";

// Then twice as long each time, until it is given up.
const FIRST_RETRY_MILLIS = 200;
const LAST_RETRY_MILLIS = 3200;

/** A failure that can be told to people: what the server said, or that it could not be reached. */
export class CallFailure extends Error {}

/** An id that no other call has; crypto.randomUUID is not there for pages from plain http. */
function newId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Follows the events of a call until told to stop. They can be had only once the call has begun, so it is tried more than once. */
function follow(address, told) {
  let source = null;
  let timer = null;
  let stopped = false;
  let wait = FIRST_RETRY_MILLIS;
  function open() {
    source = new EventSource(address);
    source.addEventListener("open", () => (wait = FIRST_RETRY_MILLIS));
    source.addEventListener("message", (message) => told(JSON.parse(message.data)));
    source.addEventListener("error", () => {
      source.close();
      if (!stopped && wait <= LAST_RETRY_MILLIS) {
        timer = setTimeout(open, wait);
        wait *= 2;
      }
    });
  }
  open();
  return () => {
    stopped = true;
    clearTimeout(timer);
    source.close();
  };
}

/** The server's answer as a result, or what it says is wrong (RFC 9457). */
function read(request) {
  let answer = null;
  try {
    answer = JSON.parse(request.responseText);
  } catch {
    // told below
  }
  if (request.status === 200) {
    if (isResult(answer)) {
      return answer;
    }
    throw new CallFailure("The server's answer is no result.");
  }
  const { title, detail, reason, violations = [] } = answer ?? {};
  const text = detail ?? title ?? `The server answered ${request.status} ${request.statusText}`.trim();
  const more = violations.length > 1 ? violations.map(({ field, description }) => ` ${field}: ${description}.`) : [];
  throw new CallFailure((reason ? `${text} (${reason})` : text) + more.join(""));
}

/**
 * Judges a file.
 *
 * @param config a ProcessConfig as JSON
 * @param progress called with {sent}, in bytes, and, where events come, {records, invalid, bytes, bytesPerSecond}
 * @returns {result, cancel}: a promise of the result, and what ends the call, upon which the promise is of null
 */
export function judge(file, config, progress) {
  const id = newId();
  const call = `v1/calls/${id}`;
  const request = new XMLHttpRequest();
  let early = null; // how it ended, told as an event too: the result may be certain before all is sent
  let unfollow = () => {};

  const result = new Promise((resolve, reject) => {
    request.upload.addEventListener("progress", ({ loaded }) => progress({ sent: Math.min(loaded, file.size) }));
    request.addEventListener("load", () => {
      try {
        resolve(read(request));
      } catch (failure) {
        reject(failure);
      }
    });
    request.addEventListener("error", () => reject(new CallFailure(early === null
      ? "The server cannot be reached, or ended the call, or the file cannot be read."
      : "The server knew the verdict before all was sent, and ended the connection. Use the command line for this file: jassay check FILE.")));
    request.addEventListener("abort", () => resolve(null));
    request.addEventListener("loadend", () => unfollow());
  });

  const parts = new FormData();
  parts.append("config", new Blob([JSON.stringify(config)], { type: "application/json" }));
  parts.append("file", file);
  request.open("POST", `v1/process?call=${id}`);
  request.setRequestHeader("Accept", "application/json, application/problem+json");
  request.send(parts);
  unfollow = follow(`${call}/events`, (event) => {
    if (event.progress) {
      progress(event.progress);
    }
    if (event.result || event.problem) {
      early = event.result ?? null;
      unfollow();
    }
  });

  return {
    result,
    cancel() {
      fetch(call, { method: "DELETE", keepalive: true }).catch(() => {}); // ending the request ends the call too
      request.abort();
    },
  };
}
