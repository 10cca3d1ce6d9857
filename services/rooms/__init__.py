"""Rooms: plans and their limits, User Rooms and Meeting Rooms, their links, and how many wait and talk in each."""
