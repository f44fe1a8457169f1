"""Which words mean a human being, for the publication's rule that a replacement puts none into a picture."""

from __future__ import annotations

import re

NOUNS = """
    human humans person persons people man men woman women child children kid kids boy girl baby babies infant toddler
    teen teenager teenagers adult adults adolescent youth lady ladies gentleman gentlemen guy guys dude lad lass elder
    someone somebody anyone anybody crowd couple audience family families pedestrian pedestrians passerby bystander
    mother father mom mum mommy mummy dad daddy parent parents grandmother grandfather grandma grandpa grandparent son
    daughter brother sister sibling siblings aunt uncle cousin nephew niece husband wife bride bridegroom groom twin
    friend friends neighbor neighbour stranger guest guests
    nurse doctor surgeon dentist paramedic patient teacher professor student students pupil schoolboy schoolgirl
    policeman policewoman policemen police cop officer detective firefighter fireman soldier soldiers sailor
    pilot astronaut cosmonaut captain driver cyclist biker motorcyclist rider jockey skier snowboarder skater
    skateboarder surfer swimmer diver jogger hiker climber athlete athletes player players footballer golfer
    gymnast wrestler referee umpire goalkeeper coach dancer ballerina singer musician guitarist
    drummer pianist violinist actor actress performer artist painter sculptor photographer writer author poet
    chef cook baker butcher waiter waitress bartender barista cashier clerk salesman saleswoman vendor shopkeeper
    farmer gardener fisherman hunter shepherd cowboy cowgirl worker workers builder carpenter plumber electrician
    mechanic engineer scientist technician programmer businessman businesswoman manager secretary lawyer judge
    politician president king queen prince princess knight samurai monk nun priest pope bishop rabbi imam pirate
    thief burglar tourist tourists traveler traveller passenger passengers commuter customer customers shopper
    postman mailman janitor maid butler nanny babysitter barber hairdresser
"""
PERSONS = frozenset(NOUNS.split())  # left out: what is rather a thing or an animal (pitcher, boxer, model)
GATHERED = frozenset(
    ("group", "pair", "number", "row", "bunch", "team", "line", "lot", "few", "trio")
)  # "a group of"
ENDS = """of in with on at by from to for who whom whose that which near behind beside under over against wearing holding
    riding carrying standing sitting lying walking running playing dressed next"""
AFTER = frozenset(ENDS.split())  # what ends the noun phrase that the head noun closes


def names_person(phrase: str) -> bool:
    """Whether a noun phrase is of a human: "an old lady with a hat", "a group of men"; not "a baby carriage"."""
    words = re.findall(r"[a-z]+(?:'s)?", phrase.lower())
    end = next((k for k, word in enumerate(words) if word in AFTER), len(words))
    if not end:
        return False
    head = words[end - 1]
    if head in GATHERED and words[end : end + 1] == ["of"]:
        return names_person(" ".join(words[end + 1 :]))
    return head in PERSONS or head.removesuffix("s") in PERSONS


def persons_in(text: str) -> frozenset[str]:
    """The words for humans in a text, singular where that is a letter less."""
    found = set(re.findall(r"[a-z]+", text.lower()))
    return frozenset(
        word if word in PERSONS else word.removesuffix("s")
        for word in found
        if word in PERSONS or word.removesuffix("s") in PERSONS
    )
