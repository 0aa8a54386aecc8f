// How every call of wx answers: by success, fail and complete, or by a promise where none of them is given.

export class Fault extends Error {
  /** `errno`: WeChat's number, where pages tell faults apart by it. */
  constructor(message, errno) {
    super(message);
    this.errno = errno;
  }
}

/** A call named `name` that does `work(options)`, which may throw or reject with a Fault. */
export function call(name, work) {
  return (options = {}) => {
    const done = run(name, work, options);
    const { success, fail, complete } = options;
    if (!success && !fail && !complete) return done;
    done.then(
      (answer) => (success?.(answer), complete?.(answer)),
      (fault) => (fail?.(fault), complete?.(fault)),
    );
    return undefined;
  };
}

async function run(name, work, options) {
  try {
    return { errMsg: `${name}:ok`, ...(await work(options)) };
  } catch (fault) {
    throw refused(name, fault);
  }
}

export function refused(name, fault) {
  const told = { errMsg: `${name}:fail ${fault.message}` };
  return fault.errno === undefined ? told : { ...told, errno: fault.errno };
}
