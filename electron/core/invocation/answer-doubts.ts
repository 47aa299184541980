import type { Answer } from '../transport/answer.ts';
import type { DecodedAnswer } from './received.ts';

/** What the way an answer came says against its being whole: notes, no failures. */
export function answerDoubts(answer: Answer, { output }: DecodedAnswer): string[] {
  const doubts: string[] = [];
  if (answer.hasSurplus) {
    doubts.push(
      'The server sent more bytes than its Content-Length said. What is above that is lost, so the answer may lack its end.',
    );
  }
  // A message that could be decoded has an end of its own.
  if (!answer.hasEnd && output === undefined) {
    doubts.push(
      'The server said neither how long the answer is nor where it ends; the connection was simply closed. It may lack its end.',
    );
  }
  const encoding = answer.header('content-encoding');
  if (encoding !== undefined && !/^(identity|x?-?gzip|deflate|br)?$/i.test(encoding.trim())) {
    doubts.push(
      'The server encoded the answer in a way that Soundpost does not undo, though it was asked not to. It is kept as it came.',
    );
  }
  return doubts;
}
