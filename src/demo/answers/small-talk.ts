import { SHOWING } from "./about.js";
import { type Asked, paragraphs, pick, type Topic, words } from "./topic.js";

export const greeting: Topic = {
  name: "saying hello",
  finds: words(
    /^\W*(hi|hiya|hello|hey|howdy|greetings|good (morning|afternoon|evening|day)|hola|bonjour|salut|hallo|ciao|moin|servus|how are you|what's up)\b.{0,40}$/is,
  ),
  say: ({ variant }: Asked) =>
    paragraphs(
      pick(variant, [
        "Hello, and welcome to AIFacade. I am its demo model: not intelligent, but good for trying everything out.",
        "Hello! You are talking to the demo model of AIFacade. I know a few texts by heart, and nothing else.",
        "Good to see you. I am the demo: I stand in until somebody connects a real model.",
      ]),
      SHOWING,
    ),
};

export const thanks: Topic = {
  name: "being thanked",
  finds: words(/^\W*(thanks|thank you|thx|cheers|great|perfect|nice|cool|wonderful)\b.{0,40}$/is),
  say: ({ variant }: Asked) =>
    pick(variant, [
      "You are welcome. I only recited it, but it is nice to be thanked.",
      "With pleasure. The thanks go to the people who wrote my texts.",
    ]),
};

export const goodbye: Topic = {
  name: "saying goodbye",
  finds: words(/^\W*(bye|goodbye|see you|good night|ciao|farewell)\b.{0,30}$/is),
  say: ({ variant }: Asked) =>
    pick(variant, [
      "Goodbye! This conversation stays in the list on the left until you delete it.",
      "See you. Everything that was said here is kept until you delete it.",
    ]),
};

export const testing: Topic = {
  name: "a test",
  finds: words(/^\W*(test|testing|ping|foo|asdf|one two( three)?)\b.{0,20}$/is),
  say: ({ variant }: Asked) =>
    pick(variant, [
      "It works: your message went through the whole of AIFacade to the demo model, and this came back the same way.",
      "Received. From here to you it is the same way that a real model's answer takes.",
    ]),
};
