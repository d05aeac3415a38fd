/** Time of the replay: plays, pauses, and tells whoever follows. */

export class Clock {
  time_s = 0;
  end_s = 1;
  speed = 20;
  playing = false;
  private last = 0;
  private readonly followers: ((time_s: number) => void)[] = [];

  follow(follower: (time_s: number) => void): void {
    this.followers.push(follower);
  }

  set(time_s: number): void {
    this.time_s = Math.min(Math.max(time_s, 0), this.end_s);
    for (const follower of this.followers) follower(this.time_s);
  }

  play(playing: boolean): void {
    if (playing && this.time_s >= this.end_s) this.time_s = 0;
    this.playing = playing;
    this.last = performance.now();
    if (playing) requestAnimationFrame(() => this.step());
    this.set(this.time_s);
  }

  private step(): void {
    if (!this.playing) return;
    const now = performance.now();
    this.set(this.time_s + (this.speed * (now - this.last)) / 1000);
    this.last = now;
    if (this.time_s >= this.end_s) this.play(false);
    else requestAnimationFrame(() => this.step());
  }
}
