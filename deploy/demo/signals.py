"""Pictures and tones by which each browser of the demonstration can be told from the others, and how a browser recognises them.

The picture is six upright bars: light, dark, then four bits, light or dark, in a colour of the person's own; a square moves
below, so that no two frames are alike. The tone is a beep of one frequency, broken so that a browser's noise suppression
does not take it for noise.
"""

import math
import struct
import wave
from dataclasses import dataclass
from pathlib import Path

WIDTH, HEIGHT, FRAMES_PER_SECOND, FRAMES = 320, 240, 10, 20
BARS = 6
LIGHT, DARK = 205, 48
SAMPLE_RATE = 48_000
BEEP_SECONDS, PAUSE_SECONDS, BEEPS = 0.35, 0.15, 4
LOWEST_HERTZ, STEP_HERTZ = 500.0, 150.0
TOLERANCE_HERTZ = 25.0


@dataclass(frozen=True)
class Mark:
    """`number` is 1 to 15: the four bits of the picture, and the step of the tone."""

    number: int

    @property
    def hertz(self) -> float:
        return LOWEST_HERTZ + STEP_HERTZ * self.number

    @property
    def bars(self) -> tuple[int, ...]:
        """1 is light, 0 dark, from left to right."""
        return (1, 0, *((self.number >> bit) & 1 for bit in (3, 2, 1, 0)))

    def write_picture(self, path: Path) -> None:
        """A YUV4MPEG2 film of two seconds that Chromium repeats (`--use-file-for-fake-video-capture`)."""
        with path.open("wb") as file:
            file.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{FRAMES_PER_SECOND}:1 Ip A1:1 C420jpeg\n".encode())
            for frame in range(FRAMES):
                file.write(b"FRAME\n" + self._frame(frame))

    def _frame(self, frame: int) -> bytes:
        bar_width = WIDTH / BARS
        row = bytes(LIGHT if self.bars[min(BARS - 1, int(x / bar_width))] else DARK for x in range(WIDTH))
        luma = [bytearray(row) for _ in range(HEIGHT)]
        left = int((WIDTH - 24) * frame / FRAMES)
        for y in range(HEIGHT - 40, HEIGHT - 16):
            luma[y][left : left + 24] = bytes([126]) * 24
        angle = self.number * 2.4
        blue, red = (bytes([round(128 + 34 * turn(angle))]) * (WIDTH * HEIGHT // 4) for turn in (math.cos, math.sin))
        return b"".join(luma) + blue + red

    def write_tone(self, path: Path) -> None:
        """Two seconds of beeps, 16 bit mono, that Chromium repeats (`--use-file-for-fake-audio-capture`)."""
        samples = []
        for _ in range(BEEPS):
            count = int(SAMPLE_RATE * BEEP_SECONDS)
            for index in range(count):
                edge = min(1.0, index / 480, (count - index) / 480)
                samples.append(int(12_000 * edge * math.sin(2 * math.pi * self.hertz * index / SAMPLE_RATE)))
            samples += [0] * int(SAMPLE_RATE * PAUSE_SECONDS)
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(SAMPLE_RATE)
            file.writeframes(struct.pack(f"<{len(samples)}h", *samples))


# Runs in the page, on one <video> element with a live stream. Gives {bars: [0|1 …], hertz: peak or null,
# frames: decoded and shown meanwhile, width, height}.
RECOGNISE = """
async (video, {bars, seconds}) => {
  const canvas = document.createElement('canvas');
  canvas.width = 120; canvas.height = 80;
  const pen = canvas.getContext('2d', {willReadFrequently: true});
  const seen = () => {
    pen.drawImage(video, 0, 0, 120, 80);
    return Array.from({length: bars}, (_, bar) => {
      const pixels = pen.getImageData(Math.round((bar + 0.35) * 120 / bars), 24, Math.round(0.3 * 120 / bars), 24).data;
      let sum = 0;
      for (let at = 0; at < pixels.length; at += 4) sum += pixels[at] + pixels[at + 1] + pixels[at + 2];
      return sum / (pixels.length / 4 * 3) > 127 ? 1 : 0;
    });
  };
  const shown = () => video.getVideoPlaybackQuality().totalVideoFrames;
  const before = shown();
  const tracks = video.srcObject.getAudioTracks();
  let hertz = null;
  if (tracks.length) {
    const context = new AudioContext();
    await context.resume();
    const analyser = context.createAnalyser();
    analyser.fftSize = 8192; analyser.smoothingTimeConstant = 0;
    context.createMediaStreamSource(new MediaStream(tracks)).connect(analyser);
    const levels = new Float32Array(analyser.frequencyBinCount);
    const width = context.sampleRate / analyser.fftSize;
    const votes = new Map();
    const until = performance.now() + seconds * 1000;
    while (performance.now() < until) {
      await new Promise(done => setTimeout(done, 60));
      analyser.getFloatFrequencyData(levels);
      let peak = Math.ceil(300 / width);
      for (let bin = peak; bin < 4000 / width; bin++) if (levels[bin] > levels[peak]) peak = bin;
      if (levels[peak] > -70) votes.set(peak, (votes.get(peak) || 0) + 1);
    }
    await context.close();
    const winner = [...votes].sort((one, other) => other[1] - one[1])[0];
    hertz = winner ? winner[0] * width : null;
  }
  return {bars: seen(), hertz, frames: shown() - before, width: video.videoWidth, height: video.videoHeight};
}
"""


def recognised(mark: Mark, found: dict[str, object]) -> str | None:
    """None when what a browser found is this mark, else what was wrong, in words."""
    bars, hertz, frames = found["bars"], found["hertz"], found["frames"]
    if not isinstance(frames, int) or frames < 1:
        return "no frame was decoded"
    if bars != list(mark.bars):
        return f"the picture shows the bars {bars}, not {list(mark.bars)}"
    if not isinstance(hertz, int | float):
        return "no tone is heard"
    if abs(hertz - mark.hertz) > TOLERANCE_HERTZ:
        return f"the tone is {hertz:.0f} Hz, not {mark.hertz:.0f} Hz"
    return None
